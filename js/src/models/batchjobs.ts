/**
 * Jobs started and cancelled.
 */
import type { Client } from '../api/client';
import { isAlive } from '../api/batchwire';
import type { IAttached, ICancelled, IJob, INewJob } from '../api/batchwire';

/** Start work in the background. */
export function startJob(
  client: Client,
  workspace: string,
  wish: INewJob
): Promise<IJob> {
  return client.post<IJob>(inWorkspace('jobs', workspace), wish);
}

/** Interrupt it: once to finish writing, twice for now. */
export function cancelJob(
  client: Client,
  workspace: string,
  job: IJob
): Promise<IJob> {
  const route = inWorkspace(`jobs/${job.job_id}/cancel`, workspace);
  return client.post<IJob>(route, {});
}

/** Interrupt what does a run, whoever started it: the same, without a job here. */
export function cancelRun(
  client: Client,
  workspace: string,
  run: string
): Promise<ICancelled> {
  const route = inWorkspace(`runs/${run}/cancel`, workspace);
  return client.post<ICancelled>(route, {});
}

/** Interrupt work that was started here, or else the run itself. */
export async function cancelWork(
  client: Client,
  workspace: string,
  job: IJob | null,
  run: string
): Promise<void> {
  await (job === null
    ? cancelRun(client, workspace, run)
    : cancelJob(client, workspace, job));
}

/** Go on with a run that ended badly; the run that it becomes. */
export async function resumeRun(
  client: Client,
  workspace: string,
  run: string
): Promise<string> {
  const job = await startJob(client, workspace, { kind: 'resume', run });
  return runOfJob(client, workspace, job);
}

/** Open the state that a run failed in, as a kernel. */
export function attachTo(
  client: Client,
  workspace: string,
  run: string
): Promise<IAttached> {
  const route = inWorkspace(`runs/${run}/attach`, workspace);
  return client.post<IAttached>(route, {});
}

/** A route that is sent to, with the workspace that it is about. */
export function inWorkspace(route: string, workspace: string): string {
  return `${route}?workspace=${encodeURIComponent(workspace)}`;
}

/** Between two questions for a run that is about to begin, in ms. */
const STARTING = 300;

/** The run of a job, as soon as it has one; what it said, when it ended without. */
export async function runOfJob(
  client: Client,
  workspace: string,
  job: IJob
): Promise<string> {
  let found = job;
  while (found.run_id === null && isAlive(found)) {
    await new Promise(done => setTimeout(done, STARTING));
    found = await client.get<IJob>(`jobs/${job.job_id}`, { workspace });
  }
  if (found.run_id === null) {
    throw new Error(found.said || found.state);
  }
  return found.run_id;
}
