/**
 * Runs in the main area, a tab each, there again after a reload.
 */
import { ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import type { IArtifact } from '../api/rundetails';
import type { IWorkspaces } from '../api/wire';
import { CommandIDs } from '../commands';
import type { RunModel } from '../models/run';
import { IMlops } from '../tokens';
import type { Renderers } from '../widgets/renderers';
import type { RunTab } from '../widgets/runtab';
import { goToCell } from './cell';
import { insertLoadingCode } from './loadcode';
import { addRunDeeds, fillToolbar } from './rundeeds';

const RUN_ARGS = {
  args: {
    type: 'object',
    properties: {
      run: { type: 'string', description: 'The id of a run.' },
      workspace: { type: 'string', description: 'Path of its workspace.' }
    }
  }
};

/** Adds the tabs. */
export const runPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:run',
  description: 'Runs in the main area.',
  autoStart: true,
  requires: [IMlops, IRenderMimeRegistry, IEditorServices],
  optional: [ICommandPalette, ILayoutRestorer, INotebookTracker, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMlops,
    rendermime: IRenderMimeRegistry,
    editors: IEditorServices,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    notebooks: INotebookTracker | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_mlops');
    const tracker = new WidgetTracker<RunTab>({
      namespace: 'jupyter-mlops-run'
    });
    let renderers: Renderers | null = null;
    const fill = async (model: RunModel): Promise<Widget> => {
      const [{ RunContent }, { Renderers }] = await Promise.all([
        import('../widgets/run'),
        import('../widgets/renderers')
      ]);
      renderers ??= new Renderers(rendermime, editors, translator ?? undefined);
      const deeds = {
        goToCell: () => void showCell(app, model),
        openRun: (run: { run_id: string }) =>
          void app.commands.execute(CommandIDs.openRun, {
            run: run.run_id,
            workspace: model.workspace
          }),
        openFile: (path: string) =>
          void app.commands.execute('docmanager:open', { path }),
        insertCode: notebooks
          ? (artifact: IArtifact) =>
              insertLoadingCode(app, notebooks, model, artifact)
          : null
      };
      return new RunContent(model, renderers, deeds, trans);
    };
    const deeds = addRunDeeds({
      app,
      find: args => {
        const { run, workspace } = args;
        const tab =
          typeof run === 'string'
            ? opened(tracker, String(workspace), run)
            : tracker.currentWidget;
        return tab?.model ?? null;
      },
      notebooks,
      trans
    });
    const open = async (workspace: string, runId: string): Promise<RunTab> => {
      const [{ RunModel }, { RunTab }] = await Promise.all([
        import('../models/run'),
        import('../widgets/runtab')
      ]);
      const known = opened(tracker, workspace, runId);
      if (known) {
        return known;
      }
      const model = new RunModel(mlops.model.client, workspace, runId);
      const tab = new RunTab(model, fill, trans);
      fillToolbar(tab, app.commands, deeds);
      void tracker.add(tab);
      return tab;
    };
    app.commands.addCommand(CommandIDs.openRun, {
      label: trans.__('Open Run'),
      describedBy: RUN_ARGS,
      isEnabled: args =>
        typeof args.run === 'string' || mlops.model.table.selected !== null,
      execute: async args => {
        const run = (args.run as string | undefined) ?? selected(mlops);
        const workspace =
          (args.workspace as string | undefined) ?? (await current(mlops));
        if (run === undefined || workspace === null) {
          return;
        }
        const tab = await open(workspace, run);
        if (!tab.isAttached) {
          app.shell.add(tab, 'main', { type: 'Run' });
        }
        app.shell.activateById(tab.id);
      }
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.openRun,
      args: tab => ({
        run: tab.model.runId,
        workspace: tab.model.workspace
      }),
      name: tab => `${tab.model.workspace}:${tab.model.runId}`
    });
    for (const command of [CommandIDs.openRun, ...deeds]) {
      palette?.addItem({ command, category: trans.__('Experiments') });
    }
  }
};

/** The tab that a run has already. */
function opened(
  tracker: WidgetTracker<RunTab>,
  workspace: string,
  runId: string
): RunTab | undefined {
  return tracker.find(
    ({ isDisposed, model }) =>
      !isDisposed && model.workspace === workspace && model.runId === runId
  );
}

function selected(mlops: IMlops): string | undefined {
  return mlops.model.table.selected?.run_id;
}

/** The workspace in front, also when the panel was never shown. */
async function current(mlops: IMlops): Promise<string | null> {
  const { workspaces, client } = mlops.model;
  if (workspaces.current !== null) {
    return workspaces.current.path;
  }
  const query = { path: '', all: '0' };
  const found = await client.get<IWorkspaces>('workspaces', query);
  return found.current?.path ?? null;
}

async function showCell(app: JupyterFrontEnd, model: RunModel): Promise<void> {
  if (model.run?.notebook) {
    await goToCell(app, model.run.notebook, model.run.cell_id);
  }
}
