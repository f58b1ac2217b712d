/**
 * How the lines of a grouped table are walked through, opened and closed.
 */
import * as React from 'react';

import type { IGroup } from '../api/wire';
import { Outline, groupKey } from '../models/outline';
import type { RunsModel } from '../models/runs';
import type { TableModel } from '../models/table';
import { moved } from './keys';
import type { IHeld, IPicking } from './picking';

export interface IOutlining {
  outline: Outline;
  /** The line in front: a run's, or a group's head; -1: none. */
  front: number;
  /** Go to a line. */
  goTo: (line: number, held: IHeld) => void;
  /** Open a group, or close it. */
  toggle: (group: IGroup) => void;
  /** Where a key leads; null: it is none of ours. */
  onKey: (event: React.KeyboardEvent, page: number) => number | null;
}

const NO_HELD: IHeld = { shiftKey: false, ctrlKey: true, metaKey: false };

export function useOutline(
  runs: RunsModel,
  table: TableModel,
  picking: IPicking
): IOutlining {
  const { groups, total } = runs;
  const { closed } = table;
  const outline = React.useMemo(
    () => new Outline(groups, total, key => closed.has(key)),
    [groups, total, closed]
  );
  // A head has no run that could be in front.
  const [head, setHead] = React.useState<string | null>(null);
  const headLine = groups.findIndex(one => groupKey(one) === head);
  const front =
    headLine >= 0
      ? lineOfGroup(outline, groups, headLine)
      : outline.lineOf(picking.active);
  const goTo = (at: number, held: IHeld): void => {
    const line = outline.line(at);
    if ('group' in line) {
      setHead(groupKey(line.group));
    } else {
      setHead(null);
      picking.go(line.place, held);
    }
  };
  const toggle = (group: IGroup): void => {
    setHead(groupKey(group));
    table.toggleGroup(groupKey(group));
  };
  const onKey = (event: React.KeyboardEvent, page: number): number | null => {
    const line = front >= 0 && outline.isGrouped ? outline.line(front) : null;
    if (line && 'group' in line) {
      const isWanted = line.isClosed
        ? ['ArrowRight', 'Enter', ' ']
        : ['ArrowLeft', 'Enter', ' '];
      if (isWanted.includes(event.key)) {
        toggle(line.group);
        return front;
      }
    } else if (line && event.key === 'ArrowLeft') {
      goTo(outline.headOf(front), NO_HELD);
      return outline.headOf(front);
    }
    const to = moved(event.key, front, outline.count, page);
    if (to !== null) {
      goTo(to, event);
    }
    return to;
  };
  return { outline, front, goTo, toggle, onKey };
}

function lineOfGroup(
  outline: Outline,
  groups: readonly IGroup[],
  at: number
): number {
  const place = groups
    .slice(0, at)
    .reduce((sum, group) => sum + group.count, 0);
  return outline.headOf(outline.lineOf(place));
}
