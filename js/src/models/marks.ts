/**
 * The last run of each cell of one notebook.
 */
import { Throttler } from '@lumino/polling';
import { VDomModel } from '@jupyterlab/ui-components';

import type { Client } from '../api/client';
import type { IMark, IMarks, IWorkspaces } from '../api/wire';
import { toNumber } from '../api/wire';

/** Between two questions, in ms: Run All ends a cell every moment. */
const REST = 400;
/** What was running is looked at again after so many ms: its kernel may be gone. */
const PATIENCE = [1000, 3000, 8000, 20000];

/** How a run's value stands beside the best of its experiment. */
export interface IStanding {
  key: string;
  value: number;
  /** Value minus best; null where there is nothing to compare with. */
  change: number | null;
}

/** Knows the marks of the notebook at a path. */
export class MarksModel extends VDomModel {
  constructor(
    private readonly _client: Client,
    private _path: string
  ) {
    super();
    this._asking = new Throttler(() => this._ask(), {
      limit: REST,
      edge: 'trailing'
    });
  }

  override dispose(): void {
    clearTimeout(this._timer);
    this._asking.dispose();
    super.dispose();
  }

  /** The mark of a cell. */
  mark(cellId: string): IMark | undefined {
    return this._marks.get(cellId);
  }

  /** The notebook has another name now. */
  set path(value: string) {
    this._path = value;
    this._workspace = null;
    void this.refresh();
  }

  /** Path of the workspace that the notebook records to, as far as it is known. */
  get workspace(): string | null {
    return this._workspace;
  }

  /** Switched off, there are none. */
  set isOn(value: boolean) {
    if (value !== this._isOn) {
      this._isOn = value;
      this._marks = new Map();
      this.stateChanged.emit();
      void this.refresh();
    }
  }

  /** Ask again; several wishes are one question. */
  refresh(): Promise<void> {
    this._looks = 0;
    return this._asking.invoke();
  }

  private async _ask(): Promise<void> {
    if (!this._isOn) {
      return;
    }
    try {
      const workspace = await this._find();
      if (workspace !== null && !this.isDisposed) {
        const query = { workspace, notebook: this._path };
        const { marks } = await this._client.get<IMarks>('marks', query);
        this._marks = new Map(marks.map(mark => [mark.cell_id, mark]));
      }
    } catch {
      // Without its margin a notebook is as good as before; the panel says why.
      this._workspace = null;
      return;
    }
    if (!this.isDisposed) {
      this.stateChanged.emit();
      this._lookAgain();
    }
  }

  /** A run whose kernel is gone is known as such a moment later. */
  private _lookAgain(): void {
    clearTimeout(this._timer);
    const isOpen = [...this._marks.values()].some(
      mark => mark.status === 'running'
    );
    const wait = PATIENCE[this._looks];
    if (isOpen && wait !== undefined) {
      this._looks += 1;
      this._timer = setTimeout(() => void this._asking.invoke(), wait);
    }
  }

  /** Which workspace the notebook records to; it may not be made yet. */
  private async _find(): Promise<string | null> {
    if (this._workspace === null) {
      const query = { path: this._path, all: '0' };
      const found = await this._client.get<IWorkspaces>('workspaces', query);
      this._workspace = found.current?.path ?? null;
    }
    return this._workspace;
  }

  private readonly _asking: Throttler<void, unknown, []>;
  private _isOn = true;
  private _looks = 0;
  private _marks = new Map<string, IMark>();
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _workspace: string | null = null;
}

/** The metric that a mark shows: the first that can be compared, else the first. */
export function standingOf(mark: IMark): IStanding | null {
  const shown = mark.metrics.find(one => one.best !== null) ?? mark.metrics[0];
  if (shown === undefined) {
    return null;
  }
  const value = toNumber(shown.value);
  const best = shown.best === null ? NaN : toNumber(shown.best);
  const change = value - best;
  return {
    key: shown.key,
    value,
    change: Number.isFinite(change) ? change : null
  };
}
