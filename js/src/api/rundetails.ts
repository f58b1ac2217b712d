/**
 * Everything of one run, as the server sends it: twins of openapi.json.
 */
import type { IOutput } from '@jupyterlab/nbformat';

import type { IRun, JsonValue, RunStatus, WireNumber } from './wire';

/** A metric's series in four numbers. */
export interface ISummary {
  count: number;
  last: WireNumber;
  min: WireNumber;
  max: WireNumber;
}

/** How a run came about: one line, and the reasons for it. */
export interface IStamp {
  line: string;
  reasons: string[];
}

/** What came of doing the run again. */
export interface IVerdict {
  /** `reproduced`, `differs` or `failed`. */
  word: string;
  summary: string;
  differences: string[];
  hints: string[];
  traceback: string;
  /** Another verification has another. */
  digest: string;
}

export interface IRecipeCell {
  source: string;
  ran_as: number | null;
  cell_id: string | null;
  reasons: string[];
}

export interface IRecipe {
  cells: IRecipeCell[];
  warnings: string[];
}

export interface ICell {
  position: number;
  source: string;
  status: RunStatus;
  began: string;
  seconds: number | null;
  cell_id: string | null;
  execution_count: number | null;
  /** nbformat's; long values are `IBlobRef`. */
  outputs: IOutput[];
  error: { name: string; value: string } | null;
}

/** Stands in an output where the value itself is long. */
export interface IBlobRef {
  blob: string;
  size: number;
  /** How the bytes become nbformat's value: `base64`, `json`, or as text. */
  encoding?: string;
}

export interface IArtifact {
  name: string;
  format: string;
  digest: string;
  size: number;
  is_folder: boolean;
  meta: { [key: string]: JsonValue };
}

export interface IFile {
  path: string;
  /** From the server's root; null when outside, or elsewhere. */
  place: string | null;
  role: string;
  digest: string | null;
  size: number | null;
  version: string | null;
}

export interface IRunDetails {
  run: IRun;
  parent: IRun | null;
  is_archived: boolean;
  traceback: string;
  summaries: { [key: string]: ISummary };
  stamp: IStamp;
  verdict: IVerdict | null;
  recipe: IRecipe | null;
  environment: { [key: string]: JsonValue };
  git: { [key: string]: JsonValue };
  models: string[];
  cells: ICell[];
  artifacts: IArtifact[];
  files: IFile[];
  children: IRun[];
}

/** A value that may be changed when a run is done again. */
export interface IChangeable {
  name: string;
  /** `int`, `float`, `bool`, `str`, `list`, `dict`; empty when nothing tells. */
  kind: string;
  default: JsonValue;
  default_source: string;
  is_required: boolean;
  choices: JsonValue[];
  is_secret: boolean;
  help: string;
}

/** Work in the background. */
export interface IRunJob {
  job_id: string;
  state: string;
  run_id: string | null;
  said: string;
}
