/**
 * Actions that other extensions add to the menu of runs.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { DisposableSet } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';

import type { IRunAction } from '../models/additions';
import type { TableModel } from '../models/table';

const RANK = 100;
const NO_ARGS = { args: { type: 'object', properties: {} } };

/** Add a command for an action, and its line in the menu of runs. */
export function addAction(
  app: JupyterFrontEnd,
  table: TableModel,
  action: IRunAction
): IDisposable {
  const command = `jupyter-mlops:do-${action.id}`;
  const isEnabled = (): boolean =>
    table.picked.length > 0 && (action.isEnabled?.(table.picked) ?? true);
  const added = DisposableSet.from([
    app.commands.addCommand(command, {
      label: action.label,
      describedBy: NO_ARGS,
      isEnabled,
      execute: () => action.execute(table.picked)
    }),
    app.contextMenu.addItem({
      command,
      selector: '.jp-Mlops-row',
      rank: action.rank ?? RANK
    })
  ]);
  return added;
}
