/**
 * The names of the panel's sections; one alone needs none.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ISectionName, SectionsModel } from '../models/sections';
import { Tabs } from './Tabs';

export function SectionTabs(props: {
  sections: SectionsModel<ISectionName>;
  toPanelId: (id: string) => string;
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { all, current } = props.sections;
  if (all.length < 2) {
    return null;
  }
  return (
    <Tabs
      tabs={all}
      current={current?.id ?? ''}
      toTabId={id => `jp-mlops-tab-${id}`}
      toPanelId={props.toPanelId}
      label={props.trans.__('Sections')}
      onShow={id => props.sections.show(id)}
    />
  );
}
