/**
 * What the panel shows around its sections: loaded when the panel is first shown.
 */
import * as React from 'react';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import { PanelHead } from '../components/PanelHead';
import { Notice, Standing } from '../components/Standing';
import type { PanelModel } from '../models/panel';
import type { ISectionName, SectionsModel } from '../models/sections';
import { sectionId } from './sections';

/** Make what stands above the sections, in their place, and below them. */
export function createSurround(
  model: PanelModel,
  sections: SectionsModel<ISectionName>,
  trans: TranslationBundle
): [ReactWidget, ReactWidget, ReactWidget] {
  const head = ReactWidget.create(
    <PanelHead
      model={model}
      sections={sections}
      toPanelId={sectionId}
      trans={trans}
    />
  );
  head.addClass('jp-Mlops-panelHead');
  const standing = ReactWidget.create(<Standing model={model} trans={trans} />);
  standing.addClass('jp-Mlops-standing');
  const foot = ReactWidget.create(<Notice model={model} trans={trans} />);
  foot.addClass('jp-Mlops-panelFoot');
  return [head, standing, foot];
}
