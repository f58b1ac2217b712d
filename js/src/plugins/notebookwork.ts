/**
 * The notebook in front, run in batch: once, or over many values.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { showErrorMessage } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';

import type { IJob, INewJob, IParameters } from '../api/batchwire';
import type { INames, IWorkspaces } from '../api/wire';
import { CommandIDs } from '../commands';
import { startJob } from '../models/batchjobs';
import { sentenceOf } from '../models/livelook';
import type { IBatchPlace } from '../widgets/batchplace';

const PATH_ARGS = {
  args: { type: 'object', properties: { path: { type: 'string' } } }
};

/** Add both commands; without a path they are about the notebook in front. */
export function addNotebookCommands(
  app: JupyterFrontEnd,
  place: IBatchPlace,
  notebooks: INotebookTracker | null
): void {
  const { trans } = place;
  const about =
    (
      work: (place: IBatchPlace, path: string) => Promise<void>,
      trouble: string
    ) =>
    async (args: { path?: unknown }): Promise<void> => {
      const path = await savedPath(args.path, notebooks);
      if (path === '') {
        await showErrorMessage(
          trans.__('No notebook is open'),
          trans.__('Open the notebook that is to run in batch, then try again.')
        );
        return;
      }
      try {
        await work(place, path);
      } catch (error) {
        await showErrorMessage(trouble, sentenceOf(error));
      }
    };
  app.commands.addCommand(CommandIDs.runInBatch, {
    label: trans.__('Run Notebook in Batch…'),
    caption: trans.__('Run the saved notebook in the background, as a run'),
    describedBy: PATH_ARGS,
    execute: about(runOnce, trans.__('The notebook cannot run'))
  });
  app.commands.addCommand(CommandIDs.sweepNotebook, {
    label: trans.__('Sweep This Notebook…'),
    caption: trans.__('Run the saved notebook over many values of parameters'),
    describedBy: PATH_ARGS,
    execute: about(sweep, trans.__('The sweep cannot start'))
  });
}

/** The path of a notebook as it is saved; empty when none is meant. */
async function savedPath(
  path: unknown,
  notebooks: INotebookTracker | null
): Promise<string> {
  const found =
    typeof path === 'string'
      ? path
      : (notebooks?.currentWidget?.context.path ?? '');
  const panel = notebooks?.find(one => one.context.path === found);
  if (panel?.context.model.dirty) {
    await panel.context.save();
  }
  return found;
}

async function runOnce(place: IBatchPlace, path: string): Promise<void> {
  const { client, trans } = place;
  const found = await client.get<IParameters>('parameters', { path });
  const { askParameters } = await import('../widgets/parameterform');
  const title = trans.__('Run %1 in batch', path);
  const parameters = await askParameters(title, found.parameters, trans);
  if (parameters !== null) {
    const workspace = await workspaceOf(place, path);
    const wish = { kind: 'notebook' as const, path, parameters };
    await startAndOpen(place, workspace, wish, 'live');
  }
}

/** Ask until it starts, or the user has enough: what was typed is kept. */
async function sweep(place: IBatchPlace, path: string): Promise<void> {
  const { client, trans } = place;
  const workspace = await workspaceOf(place, path);
  const [{ parameters }, { metrics }] = await Promise.all([
    client.get<IParameters>('parameters', { path }),
    client.get<INames>('names', { workspace })
  ]);
  const [{ askSweep }, { START, wishOf }] = await Promise.all([
    import('../widgets/sweepform'),
    import('../models/sweepwish')
  ]);
  let question = { path, parameters, metrics, data: START, refusal: '' };
  for (;;) {
    const data = await askSweep(question, trans);
    if (data === null || parameters.length === 0) {
      return;
    }
    try {
      await startAndOpen(place, workspace, wishOf(path, data), 'sweep');
      return;
    } catch (error) {
      question = { ...question, data, refusal: sentenceOf(error) };
    }
  }
}

async function workspaceOf(place: IBatchPlace, path: string): Promise<string> {
  const query = { path, all: '0' };
  const { current } = await place.client.get<IWorkspaces>('workspaces', query);
  if (current === null) {
    throw new Error(
      place.trans.__('There is no workspace yet: make one in the panel.')
    );
  }
  return current.path;
}

/** Start it, and show it as soon as it has a run. */
async function startAndOpen(
  place: IBatchPlace,
  workspace: string,
  wish: INewJob,
  view: 'live' | 'sweep'
): Promise<void> {
  const job: IJob = await startJob(place.client, workspace, wish);
  const { runOfJob } = await import('../models/batchjobs');
  const target = await runOfJob(place.client, workspace, job);
  place.open({ view, target, workspace });
}
