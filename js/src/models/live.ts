/**
 * A run of a notebook, followed while it fills in.
 */
import type { Client } from '../api/client';
import { isAlive } from '../api/batchwire';
import type { IAttached, IJob, ILive, ILiveCell } from '../api/batchwire';
import { attachTo, cancelWork, resumeRun } from './batchjobs';
import { LiveLook } from './livelook';

/** Knows the cells of a run, and asks for those alone that changed. */
export class LiveModel extends LiveLook {
  constructor(
    client: Client,
    workspace: string,
    readonly run: string
  ) {
    super(client, workspace);
  }

  get live(): ILive | null {
    return this._live;
  }

  /** By position; each change makes a new object. */
  get cells(): ReadonlyMap<number, ILiveCell> {
    return this._cells;
  }

  get isRunning(): boolean {
    return this._live?.status === 'running';
  }

  get job(): IJob | null {
    const job = this._live?.job ?? null;
    return isAlive(job) ? job : null;
  }

  /** Only a notebook that ended badly, alone or as a step, is gone on with. */
  get isResumable(): boolean {
    const { kind, status } = this._live ?? {};
    return (
      (kind === 'notebook' || kind === 'step') &&
      (status === 'failed' || status === 'cancelled' || status === 'lost')
    );
  }

  /** Seconds that it has run for, by the clock here since the last answer. */
  get seconds(): number {
    const told = this._live?.progress.seconds ?? 0;
    return this.isRunning ? told + (Date.now() - this._answered) / 1000 : told;
  }

  /** Seconds that a cell has run for. */
  clock(cell: ILiveCell): number {
    const began = cell.began === null ? NaN : Date.parse(cell.began);
    const passed = (Date.now() - began) / 1000;
    const isCurrent = cell.position === this._live?.current;
    return isCurrent && passed > 0 ? passed : cell.seconds;
  }

  /** Interrupt it, whoever started it; false when that was refused. */
  cancel(): Promise<boolean> {
    const { client, job, run, workspace } = this;
    return this.did(() => cancelWork(client, workspace, job, run));
  }

  /** Go on from where it failed; the new run, or null when it was refused. */
  resume(): Promise<string | null> {
    const { client, run, workspace } = this;
    return this.act(() => resumeRun(client, workspace, run));
  }

  attach(): Promise<IAttached | null> {
    const { client, run, workspace } = this;
    return this.act(() => attachTo(client, workspace, run));
  }

  protected get isPending(): boolean {
    return this.isRunning || this.job !== null;
  }

  protected async ask(): Promise<void> {
    const { workspace } = this;
    const { book, seen } = this._live ?? {};
    const query = { workspace, book, seen };
    const found = await this.client.get<ILive>(`runs/${this.run}/live`, query);
    if (found.book !== book) {
      this._cells = new Map();
    }
    for (const cell of found.cells) {
      this._cells.set(cell.position, cell);
    }
    this._live = found;
    this._answered = Date.now();
  }

  private _answered = 0;
  private _cells = new Map<number, ILiveCell>();
  private _live: ILive | null = null;
}
