/**
 * Jobs started and cancelled.
 */
import type { Client } from '../api/client';
import type { IJob, INewJob } from '../api/batchwire';

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

/** A route that is sent to, with the workspace that it is about. */
export function inWorkspace(route: string, workspace: string): string {
  return `${route}?workspace=${encodeURIComponent(workspace)}`;
}
