/**
 * What is done with a run by the server: its recipe saved, done again, verified, pushed.
 */
import type { IChangeable, IRunJob } from '../api/rundetails';
import type { IModelNames } from '../api/runnames';
import type { FormData } from './parameterform';
import type { RunModel } from './run';

/** Between two looks at a job, in ms. */
const PATIENCE = 400;
const ALIVE = ['starting', 'running', 'stopping'];

/** Save the recipe beside the run's notebook; its path from the server's root. */
export async function saveRecipe(model: RunModel): Promise<string> {
  const { path } = await post<{ path: string }>(model, 'recipe', {});
  return path;
}

/** What may be changed when the run is done again. */
export async function changeable(model: RunModel): Promise<IChangeable[]> {
  const query = { workspace: model.workspace };
  const { parameters } = await model.client.get<{ parameters: IChangeable[] }>(
    model.route('again'),
    query
  );
  return parameters;
}

/** Do the run again with other values; the new run's id, once it has begun. */
export async function doAgain(
  model: RunModel,
  parameters: FormData
): Promise<string> {
  const job = await post<IRunJob>(model, 'again', { parameters });
  const found = await until(model, job, one => one.run_id !== null);
  if (found.run_id === null) {
    throw new Error(found.said || found.state);
  }
  return found.run_id;
}

/** Verify the run; returns when it has been, the verdict being part of the run. */
export async function verify(model: RunModel): Promise<void> {
  const before = model.details?.verdict?.digest;
  const job = await post<IRunJob>(model, 'verification', {});
  const found = await until(model, job, () => false);
  await model.refresh();
  const hasVerdict = model.details?.verdict?.digest !== before;
  if (found.state !== 'finished' && !hasVerdict && found.said) {
    throw new Error(found.said);
  }
}

/** Names of registered models. */
export async function modelNames(model: RunModel): Promise<string[]> {
  const { models } = await model.client.get<IModelNames>('models', {
    workspace: model.workspace
  });
  return models.map(one => one.name);
}

/** Make a model of the run the next version of a registered one. */
export function push(
  model: RunModel,
  words: { name: string; artifact: string; note: string }
): Promise<{ model: string; version: number }> {
  return post(model, 'push', words);
}

/** Interrupt what does the run, whoever started it. */
export async function cancel(model: RunModel): Promise<void> {
  await post(model, 'cancel', {});
  await model.refresh();
}

function post<T>(model: RunModel, part: string, body: object): Promise<T> {
  const query = { workspace: model.workspace };
  return model.client.post<T>(model.route(part), body, query);
}

/** Look at a job until it has ended, or is as wished. */
async function until(
  model: RunModel,
  job: IRunJob,
  isDone: (job: IRunJob) => boolean
): Promise<IRunJob> {
  let found = job;
  while (!isDone(found) && ALIVE.includes(found.state) && !model.isDisposed) {
    await new Promise(resolve => setTimeout(resolve, PATIENCE));
    found = await model.client.get<IRunJob>(`jobs/${job.job_id}`, {
      workspace: model.workspace
    });
  }
  return found;
}
