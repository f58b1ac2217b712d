/**
 * How rows are picked with pointer and keys: one, some, or from here to there.
 */
import * as React from 'react';

import type { RunsModel } from '../models/runs';
import { MOST_PICKED } from '../models/table';
import type { TableModel } from '../models/table';

/** What a pointer or a key is held down with. */
export interface IHeld {
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  button?: number;
}

export interface IPicking {
  /** The place of the run in front, wherever news have moved it; -1: none. */
  active: number;
  /** Go to a place with an arrow: Shift picks up to it, Ctrl only goes there. */
  go: (place: number, held: IHeld) => void;
  /** Press on a place: Shift picks up to it, Ctrl picks it in addition. */
  press: (place: number, held: IHeld) => void;
  /** Pick the run in front, or no longer. */
  toggle: () => void;
  /** Pick as many as may be. */
  pickAll: () => void;
  /** Back to the run in front alone. */
  pickOne: () => void;
}

const RIGHT = 2;

export function usePicking(runs: RunsModel, table: TableModel): IPicking {
  const [place, setPlace] = React.useState(-1);
  const anchor = React.useRef('');
  const { selected } = table;
  const found = selected ? runs.find(selected.run_id) : -1;
  const active = found >= 0 ? found : place;
  const awaited = selected === null ? runs.row(place) : undefined;
  React.useEffect(() => {
    // A key led to a row that had yet to be fetched.
    if (awaited) {
      table.pick(table.picked.length ? table.picked : [awaited], awaited);
    }
  }, [table, awaited]);

  const moveTo = (to: number): void => {
    setPlace(to);
    table.pick(table.picked, runs.row(to) ?? null);
  };
  const select = (to: number): void => {
    setPlace(to);
    anchor.current = runs.row(to)?.run_id ?? '';
    table.select(runs.row(to) ?? null);
  };
  const toggle = (to: number): void => {
    setPlace(to);
    const run = runs.row(to);
    if (run) {
      anchor.current = run.run_id;
      table.togglePick(run);
    }
  };
  const extend = (to: number): void => {
    const known = runs.find(anchor.current);
    const from = known >= 0 ? known : Math.max(0, active);
    anchor.current = runs.row(from)?.run_id ?? '';
    moveTo(to);
    const first = Math.max(Math.min(from, to), from - MOST_PICKED + 1);
    const last = Math.min(Math.max(from, to), from + MOST_PICKED - 1);
    void runs.between(first, last).then(between => {
      // Another key may have gone on meanwhile.
      table.pick(between, table.selected ?? runs.row(to) ?? null);
    });
  };
  return {
    active,
    go: (to, held) =>
      held.shiftKey ? extend(to) : isAdding(held) ? moveTo(to) : select(to),
    press: (to, held) => {
      const run = runs.row(to);
      if (held.shiftKey) {
        extend(to);
      } else if (held.button === RIGHT && run && table.isPicked(run.run_id)) {
        // The menu is about all that are picked.
        moveTo(to);
      } else if (isAdding(held)) {
        toggle(to);
      } else {
        select(to);
      }
    },
    toggle: () => toggle(active),
    pickAll: () =>
      void runs
        .between(0, Math.min(runs.total, MOST_PICKED) - 1)
        .then(all => table.pick(all, table.selected ?? all[0] ?? null)),
    pickOne: () => select(active)
  };
}

/** Whether what was picked before stays so. */
function isAdding(held: IHeld): boolean {
  return held.ctrlKey || held.metaKey;
}
