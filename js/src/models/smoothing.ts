/**
 * Curves made smoother: an exponential moving average that knows how far apart its
 * points are.
 */
import type { ILine } from './curvelines';

/** A curve is smoothed as if it had so many points. */
const POINTS = 1000;
const STRONGEST = 0.999;

/**
 * Average each point with those before it, which count the less the farther away.
 *
 * @param weight from 0 (nothing changes) to 1, as the slider says it. What is left of
 * a point after the thousandth part of the width is its square root, so that small
 * weights tell, too; the first points are corrected for having few before them.
 */
export function smoothed(line: ILine, weight: number): ILine {
  const { xs, ys } = line;
  const width = (xs[xs.length - 1] ?? 0) - (xs[0] ?? 0);
  if (weight <= 0 || width <= 0) {
    return line;
  }
  const keep = Math.min(Math.sqrt(weight), STRONGEST);
  let total = 0;
  let weights = 0;
  let last = xs[0] as number;
  const smooth = ys.map((y, at) => {
    if (y === null) {
      return null;
    }
    const x = xs[at] as number;
    const left = keep ** (((x - last) / width) * POINTS);
    last = x;
    total = total * left + y;
    weights = weights * left + 1;
    return total / weights;
  });
  return { xs, ys: smooth };
}
