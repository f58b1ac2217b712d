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
  WidgetTracker
} from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import { CommandIDs } from '../commands';
import { IMlops } from '../tokens';
import type { IBatchPlace, IBatchView } from '../widgets/batchplace';
import { mlopsIcon } from '../widgets/panel';
import { addNotebookCommands } from './notebookwork';

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
    addNotebookCommands(app, place, notebooks);
    const category = trans.__('Experiments');
    palette?.addItem({ command: CommandIDs.runInBatch, category });
    palette?.addItem({ command: CommandIDs.sweepNotebook, category });
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
