/**
 * The batch work of a workspace: pipelines, what runs, what ran, sweeps.
 */
import type { Client } from '../api/client';
import { isAlive } from '../api/batchwire';
import type { IBatch, IJob } from '../api/batchwire';
import type { IRun } from '../api/wire';
import { LiveLook } from './livelook';

const NOTHING: IBatch = { pipelines: [], jobs: [], runs: [], attachable: [] };

/** A line of the list: a run, a job, or a run with its job. */
export interface IBatchLine {
  key: string;
  run: IRun | null;
  job: IJob | null;
}

/** Knows what the panel's section lists. */
export class BatchModel extends LiveLook {
  constructor(client: Client, workspace: string) {
    super(client, workspace);
  }

  get batch(): IBatch {
    return this._batch;
  }

  /** Notebooks and pipelines, what runs before what ran. */
  get runs(): IBatchLine[] {
    return this._lines.filter(line => !isSweepLine(line));
  }

  get sweeps(): IBatchLine[] {
    return this._lines.filter(isSweepLine);
  }

  /** The job that runs a pipeline now. */
  jobAt(path: string): IJob | null {
    const found = this._batch.jobs.find(
      job => job.kind === 'pipeline' && job.path === path && isAlive(job)
    );
    return found ?? null;
  }

  /** Whether the state that a run failed in is held in memory. */
  isAttachable(run: IRun | null): boolean {
    return run !== null && this._batch.attachable.includes(run.run_id);
  }

  protected get isPending(): boolean {
    return this._batch.jobs.some(isAlive);
  }

  protected async ask(): Promise<void> {
    const { workspace } = this;
    this._batch = await this.client.get<IBatch>('batch', { workspace });
    this._lines = linesOf(this._batch);
  }

  private _batch = NOTHING;
  private _lines: IBatchLine[] = [];
}

/** Put each run together with its job; jobs that never had a run stand alone. */
export function linesOf(batch: IBatch): IBatchLine[] {
  const jobs = new Map(batch.jobs.map(job => [job.run_id, job]));
  const lines: IBatchLine[] = batch.runs.map(run => ({
    key: run.run_id,
    run,
    job: jobs.get(run.run_id) ?? null
  }));
  const alone = batch.jobs
    .filter(job => job.run_id === null)
    .map(job => ({ key: job.job_id, run: null, job }));
  return [...alone, ...lines].sort((a, b) => beganAt(b) - beganAt(a));
}

/** Whether a line is a sweep: a run over points has a notebook, a pipeline's none. */
export function isSweepLine(line: IBatchLine): boolean {
  return line.run === null
    ? line.job?.kind === 'sweep'
    : line.run.kind === 'parent' && line.run.notebook !== null;
}

function beganAt(line: IBatchLine): number {
  return Date.parse(line.run?.started ?? line.job?.began ?? '') || 0;
}
