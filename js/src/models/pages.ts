/**
 * Rows that were fetched, by place: a window onto a list of any length.
 */
import type { IGroup, IHit, IRun, IRunPage } from '../api/wire';

export const PAGE = 100;

/** Pages of a list of runs. */
export class Pages {
  /** How many rows there are in all. */
  get total(): number {
    return this._total;
  }

  /** The search found more than it returned. */
  get isCapped(): boolean {
    return this._isCapped;
  }

  /** What the list consists of; empty: it is not grouped. */
  get groups(): readonly IGroup[] {
    return this._groups;
  }

  /** The run at a place, if it was fetched. */
  row(place: number): IRun | undefined {
    return this._pages.get(Math.floor(place / PAGE))?.runs[place % PAGE];
  }

  /** Where in a run the words are that were searched for. */
  hit(runId: string): IHit | undefined {
    for (const page of this._pages.values()) {
      const found = page.hits[runId];
      if (found) {
        return found;
      }
    }
    return undefined;
  }

  /** All rows that were fetched. */
  *rows(): IterableIterator<IRun> {
    for (const page of this._pages.values()) {
      yield* page.runs;
    }
  }

  /** Find the place of a run among what was fetched, -1 if it is not. */
  find(runId: string): number {
    for (const [number, page] of this._pages) {
      const at = page.runs.findIndex(run => run.run_id === runId);
      if (at >= 0) {
        return number * PAGE + at;
      }
    }
    return -1;
  }

  /** Numbers of the pages that these places lie on. */
  static holding(places: readonly number[]): number[] {
    return [...new Set(places.map(place => Math.floor(place / PAGE)))];
  }

  /** Numbers of the pages that rows `first` to `last` lie on. */
  static covering(first: number, last: number): number[] {
    const found: number[] = [];
    const end = Math.floor(Math.max(first, last) / PAGE);
    for (let at = Math.floor(Math.max(0, first) / PAGE); at <= end; at++) {
      found.push(at);
    }
    return found;
  }

  has(number: number): boolean {
    return this._pages.has(number);
  }

  /** Take a page in. */
  put(number: number, page: IRunPage): void {
    this._pages.set(number, page);
    this._total = page.total;
    this._groups = page.groups;
    this._isCapped = page.is_capped;
  }

  /** Keep only these pages: the others may be out of date. */
  keepOnly(numbers: readonly number[]): void {
    const kept = new Set(numbers);
    for (const number of [...this._pages.keys()]) {
      if (!kept.has(number)) {
        this._pages.delete(number);
      }
    }
  }

  private _groups: readonly IGroup[] = [];
  private _isCapped = false;
  private _pages = new Map<number, IRunPage>();
  private _total = 0;
}
