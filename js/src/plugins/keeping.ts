/**
 * What the user chose is there again next time.
 */
import type { IStateDB } from '@jupyterlab/statedb';

import type { TableModel } from '../models/table';

const COLUMNS = 'jupyter-mlops:columns';

/** Bring the chosen columns back, and keep them when they change. */
export async function keepColumns(
  state: IStateDB,
  table: TableModel
): Promise<void> {
  table.chosenChanged.connect((_, columns) => {
    void (columns ? state.save(COLUMNS, [...columns]) : state.remove(COLUMNS));
  });
  const kept = await state.fetch(COLUMNS);
  if (Array.isArray(kept) && kept.every(one => typeof one === 'string')) {
    table.restore(kept);
  }
}
