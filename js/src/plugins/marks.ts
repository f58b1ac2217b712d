/**
 * Marks in the margin of tracked cells, and the button that tracks a cell.
 */
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { LabIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import trackSvg from '../../style/icons/track.svg';
import { CommandIDs } from '../commands';
import { MarksModel } from '../models/marks';
import { isTracked, toggled } from '../models/trackline';
import { IMlops } from '../tokens';
import { NotebookMarks } from '../widgets/marks';
import { onKernelEnd } from './kernelends';

const trackIcon = new LabIcon({
  name: 'jupyter-mlops:track',
  svgstr: trackSvg
});

/** Adds the marks. */
export const marksPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:marks',
  description: 'Marks in the margin of tracked cells.',
  autoStart: true,
  requires: [IMlops, INotebookTracker],
  optional: [ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMlops,
    notebooks: INotebookTracker,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_mlops');
    const models = new Map<NotebookPanel, MarksModel>();
    const { settings } = mlops;
    const obey = (marks: MarksModel): void => {
      marks.isOn = settings.values.marks;
    };
    settings.stateChanged.connect(() => models.forEach(obey));
    const open = (runId: string, workspace: string | null): void =>
      void app.commands.execute(CommandIDs.openRun, {
        run: runId,
        ...(workspace === null ? {} : { workspace })
      });
    const mark = async (panel: NotebookPanel): Promise<void> => {
      // Other drives are prefixed to the path, and none of the server's.
      if (panel.context.path.includes(':')) {
        return;
      }
      await panel.revealed;
      if (panel.isDisposed) {
        return;
      }
      const marks = new MarksModel(mlops.model.client, panel.context.path);
      models.set(panel, marks);
      obey(marks);
      panel.disposed.connect(() => models.delete(panel));
      new NotebookMarks(panel, marks, trans, one =>
        open(one.run_id, marks.workspace)
      );
      onKernelEnd(panel, () => void marks.refresh());
      void marks.refresh();
    };
    notebooks.widgetAdded.connect((_, panel) => void mark(panel));
    notebooks.forEach(panel => void mark(panel));
    NotebookActions.executed.connect((_, { notebook }) => {
      const panel = notebooks.find(one => one.content === notebook);
      void (panel && models.get(panel)?.refresh());
    });
    addTrackCommand(app, notebooks, trans);
    addOpenCommand(app, notebooks, models, trans, open);
    for (const command of [CommandIDs.trackCell, CommandIDs.openCellRun]) {
      palette?.addItem({ command, category: trans.__('Experiments') });
    }
  }
};

const NO_ARGS = { args: { type: 'object', properties: {} } };

function addTrackCommand(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker,
  trans: TranslationBundle
): void {
  const { trackCell } = CommandIDs;
  const source = (): string =>
    notebooks.activeCell?.model.sharedModel.getSource() ?? '';
  app.commands.addCommand(trackCell, {
    label: trans.__('Track Cell'),
    caption: trans.__('Record the selected cell as a run whenever it runs'),
    icon: trackIcon,
    describedBy: NO_ARGS,
    isEnabled: () => notebooks.activeCell?.model.type === 'code',
    isToggled: () => isTracked(source()),
    execute: () => {
      notebooks.activeCell?.model.sharedModel.setSource(toggled(source()));
      app.commands.notifyCommandChanged(trackCell);
    }
  });
  notebooks.activeCellChanged.connect(() =>
    app.commands.notifyCommandChanged(trackCell)
  );
}

function addOpenCommand(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker,
  models: Map<NotebookPanel, MarksModel>,
  trans: TranslationBundle,
  open: (runId: string, workspace: string | null) => void
): void {
  const runId = (): string | undefined => {
    const panel = notebooks.currentWidget;
    const cell = notebooks.activeCell;
    return panel && cell
      ? models.get(panel)?.mark(cell.model.id)?.run_id
      : undefined;
  };
  app.commands.addCommand(CommandIDs.openCellRun, {
    label: trans.__('Open Last Run of Cell'),
    describedBy: NO_ARGS,
    isEnabled: () => runId() !== undefined,
    execute: () => {
      const found = runId();
      const panel = notebooks.currentWidget;
      if (found !== undefined && panel) {
        open(found, models.get(panel)?.workspace ?? null);
      }
    }
  });
}
