/**
 * What is said when the pointer rests on a cell. It is written down only then: a title on
 * each cell of each row that comes into sight costs more than drawing it.
 */
import type * as React from 'react';

import type { IRun } from '../api/wire';
import { cellHint } from './cells';

/** Give the cell under the pointer its title: all that it would say with more room. */
export function showHint(event: React.MouseEvent, run: IRun): void {
  const cell = (event.target as Element).closest<HTMLElement>(
    '[role=gridcell]'
  );
  if (cell) {
    const { column } = cell.dataset;
    const told = column ? cellHint(run, column) : run.name;
    cell.title = told || (cell.textContent ?? '');
  }
}
