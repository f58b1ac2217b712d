/**
 * Jobs started and cancelled.
 */
import type { Client } from '../api/client';
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
