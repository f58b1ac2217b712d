/**
 * How the table is looked at: its columns and the row that is selected.
 */
import { VDomModel } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { IRun } from '../api/wire';
import { tellingColumns } from './columns';

/** Columns and selection. */
export class TableModel extends VDomModel {
  /** The user chose other columns. */
  get chosenChanged(): ISignal<this, readonly string[] | null> {
    return this._chosenChanged;
  }

  /** The columns after state and name, in order. */
  get columns(): readonly string[] {
    return this._chosen ?? this._telling;
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
      this.stateChanged.emit();
    }
  }

  get selected(): IRun | null {
    return this._selected;
  }

  /** Select a run. */
  select(run: IRun | null): void {
    if (run !== this._selected) {
      this._selected = run;
      this.stateChanged.emit();
    }
  }

  private _chosen: readonly string[] | null = null;
  private _chosenChanged = new Signal<this, readonly string[] | null>(this);
  private _selected: IRun | null = null;
  private _telling: string[] = ['started'];
}

function isBadge(column: string): boolean {
  return column.startsWith('tags.');
}
