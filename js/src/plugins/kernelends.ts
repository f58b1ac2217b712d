/**
 * Hears that a notebook's kernel is gone: JupyterLab says of no cell then that it ended.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';

const GONE: readonly string[] = [
  'restarting',
  'autorestarting',
  'terminating',
  'dead'
];

/** Tell whenever the kernel of a notebook restarts, dies or is another one. */
export function onKernelEnd(panel: NotebookPanel, tell: () => void): void {
  const { sessionContext } = panel;
  sessionContext.statusChanged.connect((_, status) => {
    if (GONE.includes(status)) {
      tell();
    }
  });
  sessionContext.kernelChanged.connect((_, { oldValue }) => {
    if (oldValue !== null) {
      tell();
    }
  });
}
