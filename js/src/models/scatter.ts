/**
 * Runs as points between two axes, and which one is meant.
 */
import type { IRun } from '../api/wire';
import type { IAxis } from './axes';

export interface IPoint {
  run: IRun;
  /** From 0 to 1, from the lower left corner. */
  x: number;
  y: number;
}

/** The runs that have both values. */
export function scatterPoints(
  runs: readonly IRun[],
  across: IAxis,
  upwards: IAxis
): IPoint[] {
  const points: IPoint[] = [];
  for (const run of runs) {
    const x = across.place(run);
    const y = upwards.place(run);
    if (x !== null && y !== null) {
      points.push({ run, x, y });
    }
  }
  return points;
}

/** The run that a key leads to from another, in the order given. */
export function nextRun(
  key: string,
  runs: readonly IRun[],
  from: string
): string | null {
  const at = runs.findIndex(run => run.run_id === from);
  const last = runs.length - 1;
  const places: { [key: string]: number } = {
    ArrowDown: Math.min(last, at + 1),
    ArrowRight: Math.min(last, at + 1),
    ArrowUp: Math.max(0, at - 1),
    ArrowLeft: Math.max(0, at - 1),
    Home: 0,
    End: last
  };
  const place = places[key];
  return place === undefined ? null : (runs[place]?.run_id ?? null);
}
