/**
 * A sweep while its table grows.
 */
import type { Client } from '../api/client';
import { isAlive } from '../api/batchwire';
import type { IJob, IPoint, ISweep } from '../api/batchwire';
import type { JsonValue } from '../api/wire';
import { toNumber } from '../api/wire';
import { cancelWork, resumeRun } from './batchjobs';
import { LiveLook } from './livelook';

/** A point as it is drawn. */
export interface IDot {
  point: IPoint;
  x: number;
  y: number;
}

/** Knows a sweep. */
export class SweepModel extends LiveLook {
  constructor(
    client: Client,
    workspace: string,
    readonly run: string
  ) {
    super(client, workspace);
  }

  get sweep(): ISweep | null {
    return this._sweep;
  }

  /** The swept parameter that the plot has along. */
  get param(): string {
    const params = this._sweep?.params ?? [];
    return params.includes(this._param) ? this._param : (params[0] ?? '');
  }

  set param(value: string) {
    this._param = value;
    this.stateChanged.emit();
  }

  /** The metric that the plot has upwards. */
  get metric(): string {
    const { metric, metrics = [] } = this._sweep ?? {};
    return metrics.includes(this._metric)
      ? this._metric
      : (metric ?? metrics[0] ?? '');
  }

  set metric(value: string) {
    this._metric = value;
    this.stateChanged.emit();
  }

  get job(): IJob | null {
    const job = this._sweep?.job ?? null;
    return isAlive(job) ? job : null;
  }

  get isRunning(): boolean {
    return this._sweep?.run.status === 'running' || this.job !== null;
  }

  /** Interrupt it, whoever started it; false when that was refused. */
  cancel(): Promise<boolean> {
    const { client, job, run, workspace } = this;
    return this.did(() => cancelWork(client, workspace, job, run));
  }

  get isResumable(): boolean {
    return !this.isRunning && (this._sweep?.is_resumable ?? false);
  }

  /** Run the points left; the new sweep, or null when it was refused. */
  resume(): Promise<string | null> {
    const { client, run, workspace } = this;
    return this.act(() => resumeRun(client, workspace, run));
  }

  protected get isPending(): boolean {
    return this.isRunning;
  }

  protected async ask(): Promise<void> {
    const { workspace } = this;
    const route = `runs/${this.run}/sweep`;
    this._sweep = await this.client.get<ISweep>(route, { workspace });
  }

  private _metric = '';
  private _param = '';
  private _sweep: ISweep | null = null;
}

/** What the plot has along: numbers as they are, other values side by side. */
export interface IAxis {
  /** Of other values: their names, in order. */
  names: string[] | null;
  isLog: boolean;
}

const DECADES = 50;

/** Find the axis of a swept parameter. */
export function axisOf(points: readonly IPoint[], param: string): IAxis {
  const values = points
    .map(one => one.params[param])
    .filter(value => value !== undefined);
  if (!values.every(value => typeof value === 'number')) {
    return { names: [...new Set(values.map(nameOf))], isLog: false };
  }
  const numbers = values;
  const least = Math.min(...numbers);
  const isWide = least > 0 && Math.max(...numbers) / least >= DECADES;
  return { names: null, isLog: isWide };
}

/** Place the points that have the metric. */
export function dotsOf(
  points: readonly IPoint[],
  param: string,
  metric: string,
  axis: IAxis
): IDot[] {
  const dots: IDot[] = [];
  for (const point of points) {
    const value = point.params[param];
    const measured = point.metrics[metric];
    const y = measured === undefined ? NaN : toNumber(measured);
    if (value !== undefined && Number.isFinite(y)) {
      const number = axis.names
        ? axis.names.indexOf(nameOf(value))
        : Number(value);
      dots.push({ point, x: axis.isLog ? Math.log10(number) : number, y });
    }
  }
  return dots;
}

function nameOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
