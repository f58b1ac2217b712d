/**
 * What the user chose is there again next time.
 */
import type { IStateDB } from '@jupyterlab/statedb';

import type { ISectionName, SectionsModel } from '../models/sections';
import type { TableModel } from '../models/table';

const COLUMNS = 'jupyter-mlops:columns';
const SECTION = 'jupyter-mlops:section';

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

/** Bring the section back that was in front, and keep it when it changes. */
export async function keepSection<S extends ISectionName>(
  state: IStateDB,
  sections: SectionsModel<S>
): Promise<void> {
  sections.chosen.connect((_, id) => void state.save(SECTION, id));
  const kept = await state.fetch(SECTION);
  if (typeof kept === 'string') {
    sections.restore(kept);
  }
}
