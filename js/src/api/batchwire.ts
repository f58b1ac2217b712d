/**
 * The shapes of batch work: twins of those in openapi.json.
 */
import type { JsonValue, IRun, RunStatus, WireNumber } from './wire';

/** One name that a notebook or a pipeline takes. */
export interface IParameter {
  name: string;
  kind: '' | 'int' | 'float' | 'bool' | 'str' | 'list' | 'dict';
  default: JsonValue;
  default_source: string;
  is_required: boolean;
  is_optional: boolean;
  choices: JsonValue[];
  is_secret: boolean;
  help: string;
}

export interface IParameters {
  path: string;
  parameters: IParameter[];
}

export type JobKind = 'notebook' | 'pipeline' | 'resume' | 'sweep';

export type JobState =
  | 'starting'
  | 'running'
  | 'stopping'
  | 'finished'
  | 'failed'
  | 'cancelled'
  | 'lost';

/** Work that was started in the background. */
export interface IJob {
  job_id: string;
  kind: JobKind;
  path: string | null;
  state: JobState;
  by: string;
  began: string;
  run_id: string | null;
  parameters: { [name: string]: JsonValue };
  options: { [name: string]: JsonValue };
  /** What the command said to the last. */
  said: string;
}

/** What was interrupted; `job` when it was started in the background. */
export interface ICancelled {
  run_id: string;
  process: number;
  job: IJob | null;
}

/** What to start. */
export interface INewJob {
  kind: JobKind;
  path?: string;
  run?: string;
  parameters?: { [name: string]: JsonValue };
  options?: { [name: string]: JsonValue };
}

export interface IPipelineLine {
  path: string;
  name: string;
  description: string;
  steps: number;
  /** Why its file cannot be read. */
  problem: string;
  last: IRun | null;
}

export interface IBatch {
  pipelines: IPipelineLine[];
  jobs: IJob[];
  runs: IRun[];
  /** Runs of which the state that they failed in can be attached to. */
  attachable: string[];
}

/** How far a notebook is; `planned` is 0 while that is not known. */
export interface IProgress {
  done: number;
  planned: number;
  seconds: number;
  left: number | null;
}

export type StepState =
  | 'cached'
  | 'runs'
  | 'may run'
  | 'finished'
  | 'failed'
  | 'cancelled'
  | 'skipped'
  | 'not run'
  | 'running'
  | 'waiting'
  | 'lost';

export interface IPipelineStep {
  name: string;
  description: string;
  notebook: string | null;
  needs: string[];
  state: StepState;
  status: string | null;
  why: string[];
  notes: string[];
  run_id: string | null;
  seconds: number | null;
  metrics: { [key: string]: WireNumber };
  progress: IProgress | null;
  parameters: IParameter[];
}

export interface IPipeline {
  path: string;
  name: string;
  description: string;
  last: IRun | null;
  job: IJob | null;
  parameters: IParameter[];
  steps: IPipelineStep[];
}

/** A cell of a run that is followed. */
export interface ILiveCell {
  position: number;
  source: string;
  status: RunStatus;
  began: string | null;
  seconds: number;
  execution_count: number | null;
  is_restored: boolean;
  /** Seconds that it took in earlier runs. */
  expected: number | null;
  outputs: { [name: string]: JsonValue }[];
}

/** How a run stands, and the cells that changed. */
export interface ILive {
  run_id: string;
  name: string;
  kind: string;
  status: RunStatus;
  notebook: string | null;
  began: string | null;
  error: string;
  progress: IProgress;
  current: number | null;
  /** What `seen` counts in. */
  book: string;
  seen: number;
  cells: ILiveCell[];
  metrics: { [key: string]: WireNumber };
  job: IJob | null;
  is_attachable: boolean;
  /** The file of the pipeline that it is a step of. */
  pipeline: string | null;
  /** The run of the sweep that it is a point of. */
  sweep: string | null;
}

export type PointState =
  | 'running'
  | 'finished'
  | 'failed'
  | 'pruned'
  | 'cancelled'
  | 'lost'
  | 'not run';

export interface IPoint {
  point: number;
  run_id: string | null;
  state: PointState;
  params: { [key: string]: JsonValue };
  metrics: { [key: string]: WireNumber };
  seconds: number | null;
  why: string;
  is_earlier: boolean;
}

/** A sweep; its points, the best first. */
export interface ISweep {
  run: IRun;
  job: IJob | null;
  metric: string | null;
  goal: 'min' | 'max' | null;
  shared_cells: number;
  not_shared: string;
  /** What of an earlier sweep it went on with. */
  resumed: string;
  is_resumable: boolean;
  planned: number | null;
  best: number | null;
  params: string[];
  metrics: string[];
  points: IPoint[];
}

/** How to reach a kernel that holds the state of a run. */
export interface IAttached {
  run_id: string;
  connection_file: string;
  is_after: boolean;
  cells: number;
  /** Where this server serves it. */
  kernel_id: string | null;
  /** The run's notebook with its outputs, saved to go on in. */
  notebook: string | null;
  console: string;
  lab: string;
}

const ALIVE: readonly JobState[] = ['starting', 'running', 'stopping'];

/** Whether a job's process is still there. */
export function isAlive(job: IJob | null): boolean {
  return job !== null && ALIVE.includes(job.state);
}
