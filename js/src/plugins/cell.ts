/**
 * From a run to the cell that it recorded.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { NotebookPanel } from '@jupyterlab/notebook';

/** Open a notebook and bring a cell into sight. */
export async function goToCell(
  app: JupyterFrontEnd,
  path: string,
  cellId: string | null
): Promise<void> {
  const panel = (await app.commands.execute('docmanager:open', {
    path
  })) as NotebookPanel | undefined;
  if (!panel || cellId === null) {
    return;
  }
  await panel.context.ready;
  await panel.revealed;
  const at = panel.content.widgets.findIndex(cell => cell.model.id === cellId);
  if (at >= 0) {
    panel.content.activeCellIndex = at;
    await panel.content.scrollToItem(at, 'center');
  }
}
