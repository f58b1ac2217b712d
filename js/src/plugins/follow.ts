/**
 * The notebook in front decides which workspace is shown.
 */
import type { INotebookTracker } from '@jupyterlab/notebook';

import type { PanelModel } from '../models/panel';

/** Tell the model which notebook is in front, now and from now on. */
export function followNotebooks(
  notebooks: INotebookTracker,
  model: PanelModel
): void {
  const tell = (): void => {
    const path = notebooks.currentWidget?.context.path;
    if (path !== undefined) {
      // Other drives are prefixed to the path, and none of the server's.
      model.follow(path.includes(':') ? '' : path);
    }
  };
  notebooks.currentChanged.connect(tell);
  tell();
}
