/**
 * A comparison as rows: a name, its value in each run, how far from the baseline.
 */
import type { IComparison, Noun } from '../api/compare';
import { toNumber } from '../api/wire';
import type { IRun, JsonValue } from '../api/wire';

export interface IComparedValue {
  /** Undefined: this run has none. */
  value: JsonValue | undefined;
  /** Less the baseline's; NaN where that cannot be said. */
  change: number;
  /** Of the baseline's value; NaN where it is none. */
  share: number;
  isBest: boolean;
  /** Whether the change is for the better; null: no metric, or no change. */
  isBetter: boolean | null;
}

export interface IComparedRow {
  noun: Noun;
  name: string;
  /** In the order of the runs. */
  values: IComparedValue[];
}

/** The value of a run under a name. */
export function valueOf(
  run: IRun,
  noun: Noun,
  name: string
): JsonValue | undefined {
  const found: { [key: string]: JsonValue } = run[noun];
  return Object.hasOwn(found, name) ? found[name] : undefined;
}

/** What differs, in one noun. */
export function differingRows(
  comparison: IComparison,
  noun: Noun,
  baseline: IRun | null
): IComparedRow[] {
  return comparison.differing[noun].map(name => {
    const start = baseline ? numberOf(valueOf(baseline, noun, name)) : NaN;
    const isLower = comparison.lower_is_better.includes(name);
    const best = noun === 'metrics' ? (comparison.best[name] ?? []) : [];
    return {
      noun,
      name,
      values: comparison.runs.map(run => {
        const value = valueOf(run, noun, name);
        const change =
          noun === 'metrics' && run !== baseline
            ? numberOf(value) - start
            : NaN;
        return {
          value,
          change,
          share: start === 0 ? NaN : change / Math.abs(start),
          isBest: best.includes(run.run_id),
          isBetter: !change ? null : change < 0 === isLower
        };
      })
    };
  });
}

/** What all runs have, with its value. */
export function equalValues(
  comparison: IComparison,
  noun: Noun
): [string, JsonValue | undefined][] {
  const [first] = comparison.runs;
  return comparison.equal[noun].map(name => [
    name,
    first && valueOf(first, noun, name)
  ]);
}

/** A value as a number; NaN when it is none. */
export function numberOf(value: JsonValue | undefined): number {
  if (typeof value === 'number') {
    return value;
  }
  return value === 'Infinity' || value === '-Infinity' ? toNumber(value) : NaN;
}
