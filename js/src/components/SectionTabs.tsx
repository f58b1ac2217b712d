/**
 * The sections' names: a click, or the arrow keys, bring one to the front.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ISectionName, SectionsModel } from '../models/sections';

export function SectionTabs(props: {
  sections: SectionsModel<ISectionName>;
  toPanelId: (id: string) => string;
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { sections, trans } = props;
  const { all, current } = sections;
  if (all.length < 2) {
    return null;
  }
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const to = nextTab(event.key, current ? all.indexOf(current) : 0, all);
    if (to) {
      event.preventDefault();
      sections.show(to.id);
      document.getElementById(tabId(to.id))?.focus();
    }
  };
  return (
    <div
      className="jp-Mlops-tabs"
      role="tablist"
      aria-label={trans.__('Sections')}
      onKeyDown={onKeyDown}
    >
      {all.map(one => (
        <button
          key={one.id}
          id={tabId(one.id)}
          type="button"
          role="tab"
          aria-selected={one === current}
          aria-controls={one === current ? props.toPanelId(one.id) : undefined}
          tabIndex={one === current ? 0 : -1}
          onClick={() => sections.show(one.id)}
        >
          {one.label}
        </button>
      ))}
    </div>
  );
}

/** Where a key leads from a tab; undefined: nowhere. */
export function nextTab<T>(
  key: string,
  at: number,
  all: readonly T[]
): T | undefined {
  const places: { [key: string]: number } = {
    ArrowRight: (at + 1) % all.length,
    ArrowLeft: (at + all.length - 1) % all.length,
    Home: 0,
    End: all.length - 1
  };
  const place = places[key];
  return place === undefined ? undefined : all[place];
}

function tabId(id: string): string {
  return `jp-mlops-tab-${id}`;
}
