/**
 * The lines of the runs table: runs, and above each group of them its head.
 */
import type { IGroup } from '../api/wire';

/** A line is a group's head, or a run by its place in the answer. */
export type Line = { group: IGroup; isClosed: boolean } | { place: number };

interface IBlock {
  group: IGroup;
  /** The head's line. */
  line: number;
  /** The place of the first run. */
  place: number;
  isClosed: boolean;
}

/** Turns places of runs into lines, and back; without groups they are the same. */
export class Outline {
  constructor(
    groups: readonly IGroup[],
    total: number,
    isClosed: (key: string) => boolean
  ) {
    let [line, place] = [0, 0];
    for (const group of groups) {
      const closed = isClosed(groupKey(group));
      this._blocks.push({ group, line, place, isClosed: closed });
      line += 1 + (closed ? 0 : group.count);
      place += group.count;
    }
    this.count = groups.length ? line : total;
  }

  /** How many lines there are. */
  readonly count: number;

  get isGrouped(): boolean {
    return this._blocks.length > 0;
  }

  /** What stands on a line. */
  line(at: number): Line {
    const block = this._block(one => one.line <= at);
    if (block === undefined) {
      return { place: at };
    }
    return block.line === at
      ? { group: block.group, isClosed: block.isClosed }
      : { place: block.place + at - block.line - 1 };
  }

  /** The line of a run: its group's head while that is closed; -1 for no place. */
  lineOf(place: number): number {
    const block = this._block(one => one.place <= place);
    if (place < 0 || block === undefined) {
      return place;
    }
    return block.isClosed ? block.line : block.line + 1 + place - block.place;
  }

  /** The line of the head above a line. */
  headOf(at: number): number {
    return this._block(one => one.line <= at)?.line ?? -1;
  }

  /** The places of the runs on some lines. */
  places(first: number, last: number): number[] {
    const found: number[] = [];
    for (let at = first; at <= last; at++) {
      const line = this.line(at);
      if ('place' in line) {
        found.push(line.place);
      }
    }
    return found;
  }

  /** The last block that fits; blocks are in the order of their lines. */
  private _block(fits: (block: IBlock) => boolean): IBlock | undefined {
    let [low, high] = [0, this._blocks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (fits(this._blocks[middle] as IBlock)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this._blocks[low - 1];
  }

  private readonly _blocks: IBlock[] = [];
}

/** A name for a group, also for that of runs without a parent. */
export function groupKey(group: IGroup): string {
  return group.key ?? '';
}
