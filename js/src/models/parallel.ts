/**
 * What is picked out of many runs on parallel axes, and which axes there are.
 */
import type { IComparison } from '../api/compare';
import type { IRun } from '../api/wire';
import type { IAxis } from './axes';

/** From where to where on an axis, from 0 to 1. */
export type Span = readonly [number, number];

/** By column, what its axis is narrowed down to. */
export type Spans = { readonly [column: string]: Span };

export const WHOLE: Span = [0, 1];

const MOST_AXES = 12;

/** Columns worth an axis: what differs, params first. */
export function axisColumns(comparison: IComparison): string[] {
  const { params, metrics } = comparison.differing;
  return [
    ...params.map(name => `params.${name}`),
    ...metrics.map(name => `metrics.${name}`)
  ];
}

/** The axes shown at first: params, and the one metric asked about. */
export function firstAxes(comparison: IComparison, metric: string): string[] {
  const params = axisColumns(comparison)
    .filter(column => column.startsWith('params.'))
    .slice(0, MOST_AXES - 1);
  return metric ? [...params, metric] : params;
}

/** Whether a run lies within all that was narrowed down. */
export function isWithin(
  run: IRun,
  axes: readonly IAxis[],
  spans: Spans
): boolean {
  return axes.every(axis => {
    const span = spans[axis.column];
    if (!span) {
      return true;
    }
    const at = axis.place(run);
    return at !== null && at >= span[0] - 1e-9 && at <= span[1] + 1e-9;
  });
}

/** Narrow an axis down, or leave it whole. */
export function narrowed(spans: Spans, column: string, span: Span): Spans {
  const others = Object.fromEntries(
    Object.entries(spans).filter(([name]) => name !== column)
  );
  const low = Math.max(0, Math.min(...span));
  const high = Math.min(1, Math.max(...span));
  return low <= 0 && high >= 1 ? others : { ...others, [column]: [low, high] };
}

/** The line of a run through its places; a gap where it has no value. */
export function linePath(
  run: IRun,
  axes: readonly IAxis[],
  toX: (axis: number) => number,
  toY: (at: number) => number
): string {
  let path = '';
  let isOpen = false;
  axes.forEach((axis, number) => {
    const at = axis.place(run);
    if (at !== null) {
      const point = `${toX(number).toFixed(1)} ${toY(at).toFixed(1)}`;
      path += `${isOpen ? 'L' : 'M'}${point}`;
    }
    isOpen = at !== null;
  });
  return path;
}
