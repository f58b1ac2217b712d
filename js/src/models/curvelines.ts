/**
 * What the server sends of a metric, as a line: numbers, gaps, and what is no number.
 */
import { toNumber } from '../api/wire';
import type { CurveAxis, ICurve } from '../api/wire';

/** Points in order; null: a gap. */
export interface ILine {
  xs: number[];
  ys: (number | null)[];
}

/** A point that cannot be drawn where it is. */
export interface IOddPoint {
  x: number;
  value: number;
}

/** One metric of one run as it is drawn. */
export interface ICurveLine extends ILine {
  runId: string;
  key: string;
  total: number;
  odd: IOddPoint[];
  /** What is smoothed: averages where points were left out. */
  base: ILine;
}

/** From where to where one looks; both are seen. */
export interface IRange {
  from: number;
  to: number;
}

/** Make a line of a curve. */
export function toLine(curve: ICurve, axis: CurveAxis): ICurveLine {
  const zero = axis === 'age' ? curve.began : 0;
  const places = axis === 'step' ? curve.steps : curve.times;
  const xs = places.map(place => place - zero);
  const values = curve.values.map(toNumber);
  const odd: IOddPoint[] = [];
  values.forEach((value, at) => {
    if (!Number.isFinite(value)) {
      odd.push({ x: xs[at] as number, value });
    }
  });
  const ys = values.map(finite);
  const base = curve.means && {
    xs: curve.means.at.map(place => place - zero),
    ys: curve.means.values.map(value => finite(toNumber(value)))
  };
  const { run_id: runId, key, total } = curve;
  return { runId, key, total, xs, ys, odd, base: base ?? { xs, ys } };
}

/** Put the finer points of a range into a line, in the place of its own there. */
export function spliced(
  whole: ICurveLine,
  part: ICurveLine,
  range: IRange
): ICurveLine {
  const isOut = (x: number): boolean => x < range.from || x > range.to;
  return {
    ...whole,
    ...joined(whole, part, range),
    total: part.total,
    odd: [...whole.odd.filter(({ x }) => isOut(x)), ...part.odd],
    base: joined(whole.base, part.base, range)
  };
}

function joined(whole: ILine, part: ILine, range: IRange): ILine {
  const start = placeOf(whole.xs, range.from);
  let stop = start;
  while (stop < whole.xs.length && (whole.xs[stop] as number) <= range.to) {
    stop += 1;
  }
  return {
    xs: [...whole.xs.slice(0, start), ...part.xs, ...whole.xs.slice(stop)],
    ys: [...whole.ys.slice(0, start), ...part.ys, ...whole.ys.slice(stop)]
  };
}

/** Find the first place whose x is not less than `x`. */
export function placeOf(xs: readonly number[], x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] as number) < x) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Find the value of a line nearest to `x`; null: it has none there. */
export function valueNear(line: ILine, x: number): number | null {
  const after = placeOf(line.xs, x);
  const before = after - 1;
  const toAfter = (line.xs[after] ?? Infinity) - x;
  const toBefore = x - (line.xs[before] ?? -Infinity);
  const nearest = toAfter < toBefore ? after : before;
  return line.ys[nearest] ?? null;
}

/** Leave out what a logarithmic axis cannot show. */
export function positive(line: ILine): ILine {
  return {
    xs: line.xs,
    ys: line.ys.map(y => (y !== null && y > 0 ? y : null))
  };
}

/** One column of places for all lines; undefined: a line has no point there. */
export type Aligned = [number[], ...(number | null | undefined)[][]];

/** Bring lines onto one column of places; a place may come several times. */
export function aligned(lines: readonly ILine[]): Aligned {
  const xs: number[] = [];
  const columns: (number | null | undefined)[][] = lines.map(() => []);
  const heads = lines.map(() => 0);
  for (;;) {
    let x = Infinity;
    lines.forEach((line, at) => {
      x = Math.min(x, line.xs[heads[at] as number] ?? Infinity);
    });
    if (x === Infinity) {
      return [xs, ...columns];
    }
    xs.push(x);
    lines.forEach((line, at) => {
      const head = heads[at] as number;
      if (line.xs[head] === x) {
        (columns[at] as (number | null)[]).push(line.ys[head] as number | null);
        heads[at] = head + 1;
      } else {
        (columns[at] as undefined[]).push(undefined);
      }
    });
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
