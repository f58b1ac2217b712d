/**
 * Code that loads what a run keeps, put in at the cursor of the notebook in front.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';

import type { IArtifact } from '../api/rundetails';
import { chiefArtifact, importLine, loadingCode } from '../models/loadcode';
import type { RunModel } from '../models/run';

/** Insert it; without an artifact what the run is best loaded by. */
export function insertLoadingCode(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker | null,
  model: RunModel,
  artifact: IArtifact | null
): void {
  const panel = notebooks?.currentWidget;
  const editor = panel?.content.activeCell?.editor;
  if (!panel || !editor) {
    return;
  }
  const chosen = artifact ?? chiefArtifact(model.details?.artifacts ?? []);
  const sources = panel.content.widgets.map(cell =>
    cell.model.sharedModel.getSource()
  );
  const head = importLine(sources);
  editor.replaceSelection?.(head + loadingCode(model.runId, chosen));
  app.shell.activateById(panel.id);
  editor.focus();
}
