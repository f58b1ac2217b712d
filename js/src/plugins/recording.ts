/**
 * What is being recorded now, in the status bar.
 */
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Cell } from '@jupyterlab/cells';
import type { IDisposable } from '@lumino/disposable';

import { CommandIDs } from '../commands';
import { RecordingModel } from '../models/recording';
import { isTracked, modeSet } from '../models/trackline';
import { IMlops } from '../tokens';
import { RecordingItem } from '../widgets/recording';
import { onKernelEnd } from './kernelends';

/** Adds the item. */
export const recordingPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:recording',
  description: 'What is being recorded now, in the status bar.',
  autoStart: true,
  requires: [IMlops, IStatusBar],
  optional: [INotebookTracker, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMlops,
    statusBar: IStatusBar,
    notebooks: INotebookTracker | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_mlops');
    const { model: panel, settings } = mlops;
    const model = new RecordingModel(panel.client);
    const obey = (): void => {
      model.isOn = settings.values.statusBar;
    };
    settings.stateChanged.connect(obey);
    obey();
    addOpenCommand(app, trans);
    const item = new RecordingItem(model, app.commands, trans);
    statusBar.registerStatusItem('jupyter-mlops:recording', {
      item,
      align: 'left',
      rank: 20,
      isActive: () => model.runs.length > 0,
      activeStateChanged: model.stateChanged
    });
    // The panel hears of runs that no notebook here has begun.
    panel.runs.stateChanged.connect(runs => {
      const place = panel.workspaces.current;
      const isRunning = [...runs.rows()].some(run => run.status === 'running');
      if (place && isRunning && model.runs.length === 0) {
        model.look(place.path);
      }
    });
    if (notebooks) {
      holdTrackedCells(notebooks, model);
    }
  }
};

/** Listen while a tracked cell is under way; not to other drives. */
function holdTrackedCells(
  notebooks: INotebookTracker,
  model: RecordingModel
): void {
  const holds = new Map<Cell, IDisposable>();
  const modes = new Map<NotebookPanel, boolean>();
  const release = (cell: Cell): void => {
    holds.get(cell)?.dispose();
    holds.delete(cell);
  };
  const heed = (panel: NotebookPanel): void =>
    onKernelEnd(panel, () => {
      panel.content.widgets.forEach(release);
      modes.delete(panel);
    });
  notebooks.widgetAdded.connect((_, panel) => heed(panel));
  notebooks.forEach(heed);
  NotebookActions.executionScheduled.connect((_, { notebook, cell }) => {
    const panel = notebooks.find(one => one.content === notebook);
    const path = panel?.context.path ?? ':';
    const source = cell.model.sharedModel.getSource();
    if (panel === undefined || path.includes(':')) {
      return;
    }
    const mode = modeSet(source) ?? modes.get(panel) ?? false;
    if (mode !== modes.get(panel)) {
      modes.set(panel, mode);
      panel.disposed.connect(() => modes.delete(panel));
    }
    if (mode || isTracked(source)) {
      holds.get(cell)?.dispose();
      holds.set(cell, model.hold(path));
    }
  });
  NotebookActions.executed.connect((_, { cell }) => release(cell));
}

function addOpenCommand(app: JupyterFrontEnd, trans: TranslationBundle): void {
  app.commands.addCommand(CommandIDs.openRecorded, {
    label: args =>
      (args.name as string | undefined) ?? trans.__('Open What Is Recorded'),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          run: { type: 'string' },
          workspace: { type: 'string' },
          name: { type: 'string' }
        }
      }
    },
    execute: args => {
      const { run, workspace } = args;
      return app.commands.execute(CommandIDs.openRun, { run, workspace });
    }
  });
}
