/**
 * What stands above every section: the workspace, and the sections' names.
 */
import * as React from 'react';
import { UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { PanelModel } from '../models/panel';
import type { ISectionName, SectionsModel } from '../models/sections';
import { SectionTabs } from './SectionTabs';
import { WorkspaceBar } from './WorkspaceBar';

export function PanelHead(props: {
  model: PanelModel;
  sections: SectionsModel<ISectionName>;
  toPanelId: (id: string) => string;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { model, sections, trans } = props;
  const { workspaces } = model;
  return (
    <UseSignal signal={workspaces.stateChanged}>
      {() => (
        <>
          <div className="jp-Mlops-bar">
            <WorkspaceBar model={workspaces} trans={trans} />
          </div>
          {workspaces.isListable && (
            <UseSignal signal={sections.stateChanged}>
              {() => <SectionTabs {...props} />}
            </UseSignal>
          )}
        </>
      )}
    </UseSignal>
  );
}
