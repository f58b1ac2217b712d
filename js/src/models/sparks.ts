/**
 * Small curves for the rows in sight: asked for together, and kept.
 */
import type { IDisposable } from '@lumino/disposable';

import type { Client } from '../api/client';
import { toNumber } from '../api/wire';
import type { ICurve, ICurves, IRun } from '../api/wire';

/** While rows fly by, nothing is asked; in ms. */
const REST = 80;
const POINTS = 48;
const MOST_KEPT = 5000;
/** Runs in one request: ids must fit into an address. */
const MOST_RUNS = 100;

export const SPARK_WIDTH = 80;
export const SPARK_HEIGHT = 18;
const EDGE = 2;

/** A small curve. */
export interface ISpark {
  /** As SVG writes it; empty: there is nothing to draw. */
  path: string;
  total: number;
  first: number;
  last: number;
}

interface IKept extends ISpark {
  /** What the run was like then. */
  state: string;
}

interface IWanted {
  workspace: string;
  metric: string;
  runs: Map<string, string>;
}

/** Asks for what rows want to show, once they stand still. */
export class SparksModel implements IDisposable {
  constructor(private readonly _client: Client) {}

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    clearTimeout(this._timer);
    this._wanted.clear();
    this._kept.clear();
    this._listeners.clear();
  }

  /** What is known of a metric of a run; it may be of a moment ago. */
  spark(workspace: string, run: string, metric: string): ISpark | undefined {
    return this._kept.get(nameOf(workspace, run, metric));
  }

  /** Call `listener` when any spark is new; returns what ends that. */
  listen(listener: () => void): () => void {
    this._listeners.add(listener);
    return () => void this._listeners.delete(listener);
  }

  /** A row is in sight; what is given back says that it no longer is. */
  want(workspace: string, run: IRun, metric: string): () => void {
    const { run_id: id } = run;
    const state = `${run.status} ${run.metrics[metric]}`;
    const kept = this._kept.get(nameOf(workspace, id, metric));
    if (kept?.state === state || this._isDisposed) {
      return () => undefined;
    }
    const group = `${workspace}\n${metric}`;
    const wanted = this._wanted.get(group) ?? {
      workspace,
      metric,
      runs: new Map<string, string>()
    };
    wanted.runs.set(id, state);
    this._wanted.set(group, wanted);
    clearTimeout(this._timer);
    this._timer = window.setTimeout(() => void this._askAll(), REST);
    return () => void wanted.runs.delete(id);
  }

  private async _askAll(): Promise<void> {
    const wanted = [...this._wanted.values()];
    this._wanted.clear();
    await Promise.all(wanted.map(one => this._ask(one)));
    if (!this._isDisposed) {
      this._listeners.forEach(listener => listener());
    }
  }

  private async _ask(wanted: IWanted): Promise<void> {
    const { workspace, metric } = wanted;
    const runs = new Map([...wanted.runs].slice(0, MOST_RUNS));
    if (runs.size === 0) {
      return;
    }
    try {
      const found = await this._client.get<ICurves>('curves', {
        workspace,
        runs: JSON.stringify([...runs.keys()]),
        metrics: JSON.stringify([metric]),
        points: POINTS
      });
      const curves = new Map(found.curves.map(one => [one.run_id, one]));
      for (const [run, state] of runs) {
        this._keep(nameOf(workspace, run, metric), curves.get(run), state);
      }
    } catch {
      // The table says that the server is away; the next look asks again.
    }
  }

  private _keep(name: string, curve: ICurve | undefined, state: string): void {
    this._kept.delete(name);
    this._kept.set(name, { ...toSpark(curve), state });
    if (this._kept.size > MOST_KEPT) {
      const [oldest] = this._kept.keys();
      this._kept.delete(oldest as string);
    }
  }

  private _isDisposed = false;
  private _kept = new Map<string, IKept>();
  private _listeners = new Set<() => void>();
  private _timer = 0;
  private _wanted = new Map<string, IWanted>();
}

function nameOf(workspace: string, run: string, metric: string): string {
  return `${workspace}\n${run}\n${metric}`;
}

/** Draw a curve into a few pixels; gaps stay gaps. */
export function toSpark(curve: ICurve | undefined): ISpark {
  const values = (curve?.values ?? []).map(toNumber);
  const numbers = values.filter(Number.isFinite);
  const [first, last] = [numbers[0], numbers[numbers.length - 1]];
  const total = curve?.total ?? 0;
  if (!curve || first === undefined || last === undefined || total < 2) {
    return { path: '', total, first: NaN, last: NaN };
  }
  const start = curve.steps[0] as number;
  const width = (curve.steps[curve.steps.length - 1] as number) - start || 1;
  const low = Math.min(...numbers);
  const height = Math.max(...numbers) - low;
  let isDown = false;
  const parts = values.map((value, at) => {
    if (!Number.isFinite(value)) {
      isDown = false;
      return '';
    }
    const x = place(((curve.steps[at] as number) - start) / width, SPARK_WIDTH);
    const y = place(height ? 1 - (value - low) / height : 0.5, SPARK_HEIGHT);
    const letter = isDown ? 'L' : 'M';
    isDown = true;
    return `${letter}${x} ${y}`;
  });
  return { path: parts.join(''), total, first, last };
}

function place(share: number, size: number): number {
  return Math.round((EDGE + share * (size - 2 * EDGE)) * 10) / 10;
}
