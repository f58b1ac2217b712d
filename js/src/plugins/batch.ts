/**
 * Batch work: a section of the panel, and views of pipelines, runs and sweeps.
 */
import { ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  MainAreaWidget,
  WidgetTracker,
  showErrorMessage
} from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import type { IJob, IParameters } from '../api/batchwire';
import type { IWorkspaces } from '../api/wire';
import { CommandIDs } from '../commands';
import { startJob } from '../models/batchjobs';
import { sentenceOf } from '../models/livelook';
import { IMlops } from '../tokens';
import type { IBatchPlace, IBatchView } from '../widgets/batchplace';
import { mlopsIcon } from '../widgets/panel';

const RANK = 10;

/** Adds the section, the views and their commands. */
export const batchPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:batch',
  description: 'Pipelines, notebooks in batch and sweeps, live.',
  autoStart: true,
  requires: [IMlops, IRenderMimeRegistry, IEditorServices],
  optional: [ILayoutRestorer, INotebookTracker, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMlops,
    rendermime: IRenderMimeRegistry,
    editorServices: IEditorServices,
    restorer: ILayoutRestorer | null,
    notebooks: INotebookTracker | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_mlops');
    const { model, sections } = mlops;
    const place: IBatchPlace = {
      client: model.client,
      commands: app.commands,
      rendermime,
      editors: editorServices,
      trans,
      open: view =>
        void app.commands.execute(CommandIDs.openBatch, { ...view }),
      openFile: path =>
        void app.commands.execute('docmanager:open', {
          path,
          options: { mode: 'split-right' }
        })
    };
    sections.add({
      id: 'batch',
      label: trans.__('Batch'),
      rank: RANK,
      create: async () => {
        const { BatchSection } = await import('../widgets/batch');
        return new BatchSection(model, app.commands, trans);
      }
    });
    addViews(app, place, restorer);
    addRunInBatch(app, place, notebooks);
    const category = trans.__('Experiments');
    palette?.addItem({ command: CommandIDs.runInBatch, category });
    const args = { section: 'batch' };
    palette?.addItem({ command: CommandIDs.showSection, args, category });
  }
};

const VIEW_ARGS = {
  type: 'object',
  properties: {
    view: { type: 'string', enum: ['pipeline', 'live', 'sweep'] },
    target: { type: 'string' },
    workspace: { type: 'string' }
  },
  required: ['view', 'target']
};

function addViews(
  app: JupyterFrontEnd,
  place: IBatchPlace,
  restorer: ILayoutRestorer | null
): void {
  const tracker = new WidgetTracker<MainAreaWidget>({
    namespace: 'jupyter-mlops-batch'
  });
  const views = new Map<MainAreaWidget, IBatchView>();
  const { trans } = place;
  app.commands.addCommand(CommandIDs.openBatch, {
    label: trans.__('Open Batch Work'),
    describedBy: { args: VIEW_ARGS },
    execute: async args => {
      const { view, target, workspace = '' } = args as unknown as IBatchView;
      const id = `jp-mlops-${view}-${workspace}-${target}`;
      let widget = tracker.find(one => one.id === id);
      if (widget === undefined) {
        const content = await makeView(place, { view, target, workspace });
        widget = new MainAreaWidget({ content });
        widget.id = id;
        widget.toolbar.hide();
        widget.title.icon = mlopsIcon;
        widget.title.closable = true;
        widget.title.label = labelOf({ view, target, workspace }, place);
        widget.title.caption = widget.title.label;
        const made = widget;
        views.set(made, { view, target, workspace });
        made.disposed.connect(() => views.delete(made));
        app.shell.add(widget, 'main');
        await tracker.add(widget);
      }
      app.shell.activateById(id);
      return widget;
    }
  });
  if (restorer) {
    void restorer.restore(tracker, {
      command: CommandIDs.openBatch,
      args: widget => ({ ...views.get(widget) }),
      name: widget => widget.id
    });
  }
}

async function makeView(place: IBatchPlace, view: IBatchView): Promise<Widget> {
  if (view.view === 'pipeline') {
    const { PipelinePage } = await import('../widgets/pipeline');
    return new PipelinePage(place, view);
  }
  if (view.view === 'sweep') {
    const { SweepPage } = await import('../widgets/sweep');
    return new SweepPage(place, view);
  }
  const { LivePage } = await import('../widgets/live');
  return new LivePage(place, view);
}

function labelOf(view: IBatchView, { trans }: IBatchPlace): string {
  const short = view.target.slice(-6);
  switch (view.view) {
    case 'pipeline':
      return view.target;
    case 'sweep':
      return trans.__('Sweep %1', short);
    default:
      return trans.__('Batch run %1', short);
  }
}

function addRunInBatch(
  app: JupyterFrontEnd,
  place: IBatchPlace,
  notebooks: INotebookTracker | null
): void {
  const { client, trans } = place;
  const inFront = (): string => notebooks?.currentWidget?.context.path ?? '';
  app.commands.addCommand(CommandIDs.runInBatch, {
    label: trans.__('Run Notebook in Batch…'),
    caption: trans.__('Run the saved notebook in the background, as a run'),
    describedBy: {
      args: { type: 'object', properties: { path: { type: 'string' } } }
    },
    execute: async args => {
      const path = (args.path as string | undefined) ?? inFront();
      if (path === '') {
        await showErrorMessage(
          trans.__('No notebook is open'),
          trans.__('Open the notebook that is to run in batch, then try again.')
        );
        return;
      }
      try {
        const panel = notebooks?.find(one => one.context.path === path);
        if (panel?.context.model.dirty) {
          await panel.context.save();
        }
        const found = await client.get<IParameters>('parameters', { path });
        const { askParameters } = await import('../widgets/parameterform');
        const title = trans.__('Run %1 in batch', path);
        const parameters = await askParameters(title, found.parameters, trans);
        if (parameters !== null) {
          await startAndOpen(place, path, parameters);
        }
      } catch (error) {
        await showErrorMessage(
          trans.__('The notebook cannot run'),
          sentenceOf(error)
        );
      }
    }
  });
}

/** Start it, and show it as soon as it has a run. */
async function startAndOpen(
  place: IBatchPlace,
  path: string,
  parameters: NonNullable<IJob['parameters']>
): Promise<void> {
  const query = { path, all: '0' };
  const { current } = await place.client.get<IWorkspaces>('workspaces', query);
  if (current === null) {
    throw new Error(
      place.trans.__('There is no workspace yet: make one in the panel.')
    );
  }
  const workspace = current.path;
  const wish = { kind: 'notebook' as const, path, parameters };
  const job = await startJob(place.client, workspace, wish);
  const { runOfJob } = await import('../models/live');
  const run = await runOfJob(place.client, workspace, job);
  place.open({ view: 'live', target: run, workspace });
}
