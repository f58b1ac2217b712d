/**
 * How the table is looked at: its columns, the run in front, the runs picked.
 */
import { VDomModel } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { IRun } from '../api/wire';
import { CURVES, splitColumn, tellingColumns } from './columns';

/** Beyond this nobody tells lines apart. */
export const MOST_PICKED = 300;

/** Columns and selection. */
export class TableModel extends VDomModel {
  /** The user chose other columns. */
  get chosenChanged(): ISignal<this, readonly string[] | null> {
    return this._chosenChanged;
  }

  /** The columns after state and name, in order. */
  get columns(): readonly string[] {
    return this._chosen ?? this._offered;
  }

  /** The user's own choice; null: whatever tells most. */
  get chosen(): readonly string[] | null {
    return this._chosen;
  }

  /** Set by what was kept from last time. */
  restore(columns: readonly string[] | null): void {
    this._chosen = columns;
    this.stateChanged.emit();
  }

  /** Show these columns; null: choose again by yourself. */
  choose(columns: readonly string[] | null): void {
    this.restore(columns);
    this._chosenChanged.emit(columns);
  }

  /** Show a column, or hide it. */
  toggle(column: string): void {
    const shown = this.columns;
    this.choose(
      shown.includes(column)
        ? shown.filter(one => one !== column)
        : [...shown, column]
    );
  }

  /** Look at the rows there are: columns that tell something are added. */
  notice(runs: Iterable<IRun>, isNew: boolean): void {
    const telling = tellingColumns(runs);
    // While runs come in, columns must not dance under the eyes.
    const hasMore =
      telling.length > this._telling.length ||
      telling.some(one => !this._telling.includes(one) && isBadge(one));
    if (isNew || hasMore) {
      this._telling = telling;
      this._offer();
    }
  }

  /** The groups whose runs are folded away. */
  get closed(): ReadonlySet<string> {
    return this._closed;
  }

  /** Fold a group's runs away, or show them again. */
  toggleGroup(key: string): void {
    const closed = new Set(this._closed);
    if (!closed.delete(key)) {
      closed.add(key);
    }
    this._closed = closed;
    this.stateChanged.emit();
  }

  /** Columns and metric where nobody chose others; none: whatever tells most. */
  setDefaults(columns: readonly string[], metric: string): void {
    this._defaults = columns.length ? columns : null;
    this._metric = metric;
    this._offer();
  }

  /** Columns of other extensions: there until somebody chooses. */
  setAdded(columns: readonly string[]): void {
    this._added = columns;
    this._offer();
  }

  /** The metric that stands for a run: as set, or the first shown; empty: none. */
  get metric(): string {
    if (this._metric) {
      return this._metric;
    }
    const shown = this.columns.find(one => one.startsWith('metrics.'));
    return shown ? splitColumn(shown)[1] : '';
  }

  /** The run in front. */
  get selected(): IRun | null {
    return this._selected;
  }

  /** Select a run, and pick it alone. */
  select(run: IRun | null): void {
    this.pick(run ? [run] : [], run);
  }

  /** The runs that are acted on together, in the order of picking. */
  get picked(): readonly IRun[] {
    return [...this._picked.values()];
  }

  isPicked(runId: string): boolean {
    return this._picked.has(runId);
  }

  /** Pick these runs, at most so many as can be looked at together. */
  pick(runs: readonly IRun[], front: IRun | null): void {
    const kept = runs.slice(0, MOST_PICKED);
    const isSame =
      front === this._selected &&
      kept.length === this._picked.size &&
      kept.every(run => this._picked.get(run.run_id) === run);
    if (!isSame) {
      this._selected = front;
      this._picked = new Map(kept.map(run => [run.run_id, run]));
      this.stateChanged.emit();
    }
  }

  /** Pick one run more, or no longer; it comes to the front either way. */
  togglePick(run: IRun): void {
    const others = this.picked.filter(one => one.run_id !== run.run_id);
    this.pick(
      this.isPicked(run.run_id) ? others : [...others, run].slice(-MOST_PICKED),
      run
    );
  }

  /** Put together what is shown while nobody chose. */
  private _offer(): void {
    // Whoever named a metric sees its curve; whoever named columns sees those.
    const curve = this._metric ? [CURVES + this._metric] : [];
    const shown = this._defaults ?? [...curve, ...this._telling];
    this._offered = [...shown, ...this._added];
    this.stateChanged.emit();
  }

  private _added: readonly string[] = [];
  private _chosen: readonly string[] | null = null;
  private _chosenChanged = new Signal<this, readonly string[] | null>(this);
  private _defaults: readonly string[] | null = null;
  private _metric = '';
  private _closed: ReadonlySet<string> = new Set();
  private _picked = new Map<string, IRun>();
  private _selected: IRun | null = null;
  private _offered: readonly string[] = ['started'];
  private _telling: string[] = ['started'];
}

function isBadge(column: string): boolean {
  return column.startsWith('tags.');
}
