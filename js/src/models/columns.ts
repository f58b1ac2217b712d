/**
 * Which columns the table shows: the user's choice, else those that tell most.
 */
import type { IRun } from '../api/wire';

/** What is always there, first. */
export const NAME = 'name';
/** Columns that are no metric, param or tag. */
export const ATTRIBUTES = ['started', 'seconds', 'experiment', 'kind'] as const;
/** What columns of curves begin with; a metric follows. */
export const CURVES = 'curves.';
export const STAMP = 'tags.mlops.stamp';
export const VERDICT = 'tags.mlops.verify';

const METRICS = 2;
const PARAMS = 2;

/** Choose columns that tell these runs apart. */
export function tellingColumns(runs: Iterable<IRun>): string[] {
  const seen = [...runs];
  const metrics = mostCommon(seen.map(run => Object.keys(run.metrics)));
  const params = mostCommon(seen.map(run => Object.keys(run.params))).filter(
    key => seen.length < 2 || differ(seen.map(run => run.params[key]))
  );
  const badges = [
    ...(seen.some(run => run.badges.stamp) ? [STAMP] : []),
    ...(seen.some(run => run.badges.verify) ? [VERDICT] : [])
  ];
  return [
    ...metrics.slice(0, METRICS).map(key => `metrics.${key}`),
    ...params.slice(0, PARAMS).map(key => `params.${key}`),
    'started',
    ...badges
  ];
}

/** Find the columns that hold nothing but numbers: they line up on the right. */
export function numericColumns(
  runs: Iterable<IRun>,
  columns: readonly string[]
): ReadonlySet<string> {
  const seen = [...runs];
  return new Set(
    columns.filter(column => {
      const [noun, key] = splitColumn(column);
      return noun === 'params'
        ? seen.every(({ params }) =>
            ['number', 'undefined'].includes(typeof params[key])
          )
        : noun === 'metrics' || noun === 'seconds';
    })
  );
}

/** Split a column into what it is of and its key; an attribute has no key. */
export function splitColumn(column: string): [string, string] {
  const dot = column.indexOf('.');
  return dot < 0 ? [column, ''] : [column.slice(0, dot), column.slice(dot + 1)];
}

function mostCommon(lists: string[][]): string[] {
  const counts = new Map<string, number>();
  for (const key of lists.flat()) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts.keys()].sort(
    (one, other) =>
      (counts.get(other) ?? 0) - (counts.get(one) ?? 0) ||
      one.localeCompare(other)
  );
}

function differ(values: unknown[]): boolean {
  const first = JSON.stringify(values[0]);
  return values.some(value => JSON.stringify(value) !== first);
}
