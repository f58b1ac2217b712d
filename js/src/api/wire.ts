/**
 * The shapes that the server sends: twins of those in openapi.json.
 */

/** A number as JSON carries it: what JSON cannot say goes by name. */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity';

/** Any value that a param may have. */
export type JsonValue =
  null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export interface IStatus {
  version: string;
  api: number;
}

/** Where a workspace is: a path from the server's root. */
export interface IPlace {
  path: string;
  name: string;
}

export interface IWorkspaces {
  workspaces: IPlace[];
  /** The one that holds the notebook or folder asked about. */
  current: IPlace | null;
  /** Where one would be made, if there is no current one. */
  proposed: IPlace | null;
}

export type RunStatus =
  'running' | 'finished' | 'failed' | 'cancelled' | 'lost';

export interface IRun {
  run_id: string;
  name: string;
  experiment: string;
  kind: string;
  status: RunStatus;
  started: string;
  seconds: number | null;
  parent_id: string | null;
  notebook: string | null;
  cell_id: string | null;
  note: string | null;
  error: { name: string; value: string } | null;
  params: { [key: string]: JsonValue };
  /** Last values. */
  metrics: { [key: string]: WireNumber };
  tags: { [key: string]: string };
  /** Short words of ours: verdict, stamp. */
  badges: { [key: string]: string };
}

/** Where in a run the words that were searched for are. */
export interface IHit {
  field: string;
  snippet: string;
  /** From where to where in the snippet. */
  marks: [number, number][];
}

/** The runs that share an experiment or a parent. */
export interface IGroup {
  /** The experiment's name or the parent's id; null: runs without a parent. */
  key: string | null;
  label: string;
  count: number;
  /** Of the metric that was asked for. */
  best: WireNumber | null;
}

/** Texts that a field of the run language has. */
export interface IValues {
  field: string;
  values: string[];
}

export interface IRunPage {
  /** What the whole answer consists of, in its order; empty: it is not grouped. */
  groups: IGroup[];
  total: number;
  offset: number;
  /** The search found more than it returned. */
  is_capped: boolean;
  runs: IRun[];
  hits: { [runId: string]: IHit };
}

export interface IExperiment {
  name: string;
  run_count: number;
  last_started: string;
}

/** What filters, orders and columns may name. */
export interface INames {
  params: string[];
  metrics: string[];
  tags: string[];
  experiments: IExperiment[];
}

/** A metric's points by column, reduced. */
export interface ISeries {
  key: string;
  total: number;
  steps: number[];
  values: WireNumber[];
  times: number[];
}

/** What the websocket says. */
export type Message =
  | { type: 'changed'; workspace: string; topics: string[] }
  | { type: 'problem'; workspace: string; message: string };

/** Every error of a route. */
export interface IErrorBody {
  message: string;
  error: string;
  details: { [key: string]: string | number | boolean };
}

/** Turn a number of the wire into one of JavaScript. */
export function toNumber(value: WireNumber): number {
  return typeof value === 'number' ? value : Number(value);
}

/** The last run of a notebook's cell. */
export interface IMark {
  cell_id: string;
  run_id: string;
  name: string;
  status: RunStatus;
  started: string;
  seconds: number | null;
  /** The cell's text then; secrets in it are masked. */
  source: string;
  badges: { [key: string]: string };
  metrics: { key: string; value: WireNumber; best: WireNumber | null }[];
}

export interface IMarks {
  marks: IMark[];
}

/** What may lie across: steps, seconds since the run began, seconds since 1970. */
export type CurveAxis = 'step' | 'age' | 'time';

/** One metric of one run, made small enough to draw. */
export interface ICurve {
  run_id: string;
  key: string;
  status: RunStatus;
  /** Seconds since 1970. */
  began: number;
  /** How many points there are in what was asked for. */
  total: number;
  steps: number[];
  values: WireNumber[];
  /** Seconds since 1970. */
  times: number[];
  /** Averages of neighbours, at steps or at times; null: every point is here. */
  means: { at: number[]; values: WireNumber[] } | null;
}

export interface ICurves {
  axis: CurveAxis;
  curves: ICurve[];
}
