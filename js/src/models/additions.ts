/**
 * What other extensions add to the table of runs: columns, and actions on runs.
 */
import { VDomModel } from '@jupyterlab/ui-components';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';

import type { IRun } from '../api/wire';

/** A column whose values another extension knows. */
export interface IRunColumn {
  /** Unique, as `my-extension:cost`. */
  readonly id: string;
  /** What stands above it, in the user's language. */
  readonly title: string;
  /** In pixels; 90 without. */
  readonly width?: number;
  /** Whether its values line up on the right. */
  readonly isNumeric?: boolean;
  /** A run's value, in few words; called for rows in sight, again and again. */
  text(run: IRun): string;
}

/** Something that can be done with runs, in their menu. */
export interface IRunAction {
  /** Unique, as `my-extension:order`. */
  readonly id: string;
  /** In the user's language. */
  readonly label: string;
  /** Lower ones stand further up; 100 without. */
  readonly rank?: number;
  /** Whether it can be done with these; without: with any. */
  isEnabled?(runs: readonly IRun[]): boolean;
  /** Do it with the runs that are picked, one at least. */
  execute(runs: readonly IRun[]): unknown;
}

/** Before the id of an added column, among the names of columns. */
export const ADDED = 'added.';

/** Knows what was added. */
export class AdditionsModel extends VDomModel {
  /** All columns that were added. */
  get columns(): readonly IRunColumn[] {
    return this._columns;
  }

  /** Find the column of a name, if another extension added it. */
  column(name: string): IRunColumn | undefined {
    return name.startsWith(ADDED)
      ? this._columns.find(one => ADDED + one.id === name)
      : undefined;
  }

  /** Add a column; whoever disposes the answer takes it away. */
  addColumn(column: IRunColumn): IDisposable {
    this._columns = [...this._columns, column];
    this.stateChanged.emit();
    return new DisposableDelegate(() => {
      this._columns = this._columns.filter(one => one !== column);
      this.stateChanged.emit();
    });
  }

  private _columns: readonly IRunColumn[] = [];
}
