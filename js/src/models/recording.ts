/**
 * What is being recorded now. Nothing is asked while no tracked cell is under way.
 */
import { VDomModel } from '@jupyterlab/ui-components';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { Throttler } from '@lumino/polling';

import { Changes } from '../api/changes';
import type { Client } from '../api/client';
import type { IRun, IRunPage, IWorkspaces } from '../api/wire';

const REST = 400;
const MOST = 50;
/** A first tracked cell makes its workspace: looked for again after so many ms. */
const PATIENCE = [400, 1500, 4000, 10000];
const RUNNING = "status = 'running'";

/** A run and where it is recorded. */
export interface IRecordedRun extends IRun {
  workspace: string;
}

/** A workspace that is listened to. */
interface IEar {
  changes: Changes;
  looking: Throttler;
  running: readonly IRecordedRun[];
  /** How many tracked cells are under way. */
  holds: number;
}

/** Follows the workspaces in which something is recorded. */
export class RecordingModel extends VDomModel {
  constructor(private readonly _client: Client) {
    super();
  }

  /** What is recorded, the outermost runs only, latest first. */
  get runs(): readonly IRecordedRun[] {
    return [...this._ears.values()]
      .flatMap(ear => outermost(ear.running))
      .sort((one, other) => other.started.localeCompare(one.started));
  }

  get isOn(): boolean {
    return this._isOn;
  }

  /** Switched off, nobody is listened to. */
  set isOn(value: boolean) {
    this._isOn = value;
    if (!value) {
      this._hangUpAll();
    }
  }

  override dispose(): void {
    this._isOn = false;
    this._hangUpAll();
    super.dispose();
  }

  /** A tracked cell of a notebook is under way until the answer is disposed. */
  hold(notebook: string): IDisposable {
    let ear: IEar | null = null;
    let isOver = false;
    const release = new DisposableDelegate(() => {
      isOver = true;
      if (ear) {
        ear.holds -= 1;
        void ear.looking.invoke();
      }
    });
    void this._find(notebook, () => isOver).then(workspace => {
      if (workspace !== null && this._isOn) {
        ear = this._listen(workspace);
        ear.holds += isOver ? 0 : 1;
      }
    });
    return release;
  }

  /** Something may be recorded in a workspace: look once, and follow what is. */
  look(workspace: string): void {
    if (this._isOn) {
      void this._listen(workspace).looking.invoke();
    }
  }

  /** Which workspace a notebook records to; null: none, though it was waited for. */
  private async _find(
    path: string,
    isOver: () => boolean
  ): Promise<string | null> {
    for (const wait of [0, ...PATIENCE]) {
      await new Promise(resolve => setTimeout(resolve, wait));
      if (!this._isOn || (isOver() && wait > 0)) {
        return null;
      }
      try {
        const query = { path, all: '0' };
        const found = await this._client.get<IWorkspaces>('workspaces', query);
        if (found.current) {
          return found.current.path;
        }
      } catch {
        // The panel says why; here it is only quiet.
      }
    }
    return null;
  }

  private _listen(workspace: string): IEar {
    const known = this._ears.get(workspace);
    if (known) {
      return known;
    }
    const looking = new Throttler(() => this._ask(workspace), {
      limit: REST,
      edge: 'trailing'
    });
    const changes = new Changes(this._client, workspace);
    changes.said.connect(() => void looking.invoke());
    const ear = { changes, looking, running: [], holds: 0 };
    this._ears.set(workspace, ear);
    return ear;
  }

  private async _ask(workspace: string): Promise<void> {
    const ear = this._ears.get(workspace);
    if (ear === undefined) {
      return;
    }
    try {
      const query = { workspace, filter: RUNNING, limit: MOST };
      const page = await this._client.get<IRunPage>('runs', query);
      ear.running = page.runs.map(run => ({ ...run, workspace }));
    } catch {
      return;
    }
    if (ear.running.length === 0 && ear.holds <= 0) {
      this._hangUp(workspace);
    }
    if (!this.isDisposed) {
      this.stateChanged.emit();
    }
  }

  private _hangUp(workspace: string): void {
    const ear = this._ears.get(workspace);
    this._ears.delete(workspace);
    ear?.changes.dispose();
    ear?.looking.dispose();
  }

  private _hangUpAll(): void {
    [...this._ears.keys()].forEach(workspace => this._hangUp(workspace));
    this.stateChanged.emit();
  }

  private _ears = new Map<string, IEar>();
  private _isOn = true;
}

/** Leave out runs that a running one has begun. */
export function outermost<R extends IRun>(runs: readonly R[]): R[] {
  const known = new Set(runs.map(run => run.run_id));
  return runs.filter(run => !run.parent_id || !known.has(run.parent_id));
}
