/**
 * The shapes of comparisons: twins of those in openapi.json.
 */
import type { IOutput } from '@jupyterlab/nbformat';

import type { IRun, JsonValue } from './wire';

/** What of a run is compared by name. */
export const NOUNS = ['params', 'metrics', 'tags', 'badges'] as const;
export type Noun = (typeof NOUNS)[number];

export type NamesByNoun = { [noun in Noun]: string[] };

/** Which values differ between runs. */
export interface IComparison {
  runs: IRun[];
  /** Ids of runs that are not here. */
  missing: string[];
  differing: NamesByNoun;
  equal: NamesByNoun;
  /** By metric the runs that have its best value. */
  best: { [metric: string]: string[] };
  /** Metrics that have a curve. */
  series: string[];
  lower_is_better: string[];
}

/** `unknown`: too little is recorded to tell. */
export type How = 'added' | 'removed' | 'changed' | 'unknown';

/** A part of a difference: the first of `total` changes. */
export interface IPart<T> {
  changes: T[];
  total: number;
  equal: number;
}

export interface IValueChange {
  name: string;
  how: How;
  before: JsonValue;
  after: JsonValue;
}

export interface ICellChange {
  how: How;
  before: number | null;
  after: number | null;
  /** A unified diff. */
  lines: string[];
}

export interface ICodePart extends IPart<ICellChange> {
  is_reordered: boolean;
}

export interface IDataChange {
  name: string;
  role: string;
  how: How;
  before: string;
  after: string;
  words: string;
}

export interface IOutputChange {
  how: How;
  cell_before: number;
  cell_after: number;
  output_before: number | null;
  output_after: number | null;
  words: string;
  /** A unified diff of the text. */
  lines: string[];
  before: IOutput | null;
  after: IOutput | null;
  /** MIME types that are too long to be sent. */
  omitted: string[];
}

export interface IPicture {
  mime: string;
  size: number;
  /** In base64; null: too large. */
  data: string | null;
}

export interface IPicturePair {
  name: string;
  before: IPicture;
  after: IPicture;
}

/** What changed from one run to another. */
export interface IDifference {
  before: IRun;
  after: IRun;
  is_equal: boolean;
  remarks: string[];
  values: {
    [
      name in 'outcome' | 'packages' | 'git' | 'environment'
    ]: IPart<IValueChange>;
  };
  /** A diff of two diffs. */
  uncommitted: string[];
  code: ICodePart;
  recipe: ICodePart;
  data: IPart<IDataChange>;
  outputs: IPart<IOutputChange>;
  pictures: IPicturePair[];
}
