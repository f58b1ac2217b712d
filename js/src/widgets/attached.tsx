/**
 * The state that a notebook failed in, opened to go on in: its notebook on a live kernel.
 */
import * as React from 'react';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { DocumentWidget } from '@jupyterlab/docregistry';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';

import type { IAttached } from '../api/batchwire';
import { Lines } from '../components/Lesson';

/** Open it; where this server serves no such kernels, say how to reach it. */
export async function openAttached(
  found: IAttached,
  commands: CommandRegistry,
  trans: TranslationBundle
): Promise<void> {
  const { kernel_id, notebook } = found;
  if (kernel_id === null) {
    await showHow(found, trans);
  } else if (notebook === null) {
    await commands.execute('console:create', {
      kernelPreference: { id: kernel_id },
      activate: true
    });
  } else {
    const opened = (await commands.execute('docmanager:open', {
      path: notebook,
      factory: 'Notebook',
      kernel: { id: kernel_id }
    })) as (DocumentWidget & NotebookPanel) | undefined;
    await connect(opened?.context.sessionContext, kernel_id);
    showFailure(opened);
  }
}

/** One that was open already may be connected to a kernel that is gone. */
async function connect(
  session: NotebookPanel['sessionContext'] | undefined,
  id: string
): Promise<void> {
  await session?.ready;
  if (session && session.session?.kernel?.id !== id) {
    await session.changeKernel({ id });
  }
}

/** Bring the cell that failed in sight. */
function showFailure(panel: NotebookPanel | undefined): void {
  const cells = panel?.content.model?.sharedModel.cells ?? [];
  const at = cells.findIndex(
    cell =>
      'getOutputs' in cell &&
      cell.getOutputs().some(one => one.output_type === 'error')
  );
  if (panel && at >= 0) {
    panel.content.activeCellIndex = at;
    void panel.content.scrollToItem(at, 'smart').catch(() => undefined);
  }
}

/** Say how to connect, where this server cannot. */
async function showHow(
  found: IAttached,
  trans: TranslationBundle
): Promise<void> {
  await showDialog({
    title: trans.__('A kernel holds the state'),
    body: ReactWidget.create(
      <div className="jp-Mlops-how">
        <p>
          {found.is_after
            ? trans.__('As the failed cell left it. In a terminal:')
            : trans.__('As it was before the failed cell. In a terminal:')}
        </p>
        <Lines text={found.console} trans={trans} />
        <p>
          {trans.__(
            'JupyterLab opens its notebook on it by itself when it is started so:'
          )}
        </p>
        <Lines text={found.lab} trans={trans} />
      </div>
    ),
    buttons: [Dialog.okButton({ label: trans.__('Close') })]
  });
}
