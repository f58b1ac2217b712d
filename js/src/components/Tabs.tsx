/**
 * Names of what can be brought to the front: by a click, or with the arrow keys.
 */
import * as React from 'react';

export interface ITab {
  id: string;
  label: string;
}

export interface ITabsProps {
  tabs: readonly ITab[];
  /** Which one is in front. */
  current: string;
  /** The id of a tab's element. */
  toTabId: (id: string) => string;
  /** The id of what it shows. */
  toPanelId: (id: string) => string;
  label: string;
  onShow: (id: string) => void;
}

export function Tabs(props: ITabsProps): React.JSX.Element {
  const { tabs, current, toTabId, onShow } = props;
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const at = tabs.findIndex(tab => tab.id === current);
    const to = nextTab(event.key, Math.max(at, 0), tabs);
    if (to) {
      event.preventDefault();
      onShow(to.id);
      document.getElementById(toTabId(to.id))?.focus();
    }
  };
  return (
    <div
      className="jp-Mlops-tabs"
      role="tablist"
      aria-label={props.label}
      onKeyDown={onKeyDown}
    >
      {tabs.map(({ id, label }) => (
        <button
          key={id}
          id={toTabId(id)}
          type="button"
          role="tab"
          aria-selected={id === current}
          aria-controls={id === current ? props.toPanelId(id) : undefined}
          tabIndex={id === current ? 0 : -1}
          onClick={() => onShow(id)}
        >
          {label}
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
