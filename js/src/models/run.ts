/**
 * One run: read, kept up to date while somebody looks, and spoken of.
 */
import { VDomModel } from '@jupyterlab/ui-components';
import { Throttler } from '@lumino/polling';

import { Changes } from '../api/changes';
import type { Client } from '../api/client';
import { RequestRefused, ServerUnreachable } from '../api/failures';
import type { IRunDetails } from '../api/rundetails';
import type { IRun, Message } from '../api/wire';

/** Between two looks at a run that goes on, and at one that has ended, in ms. */
const REST = 150;

/** What is known of the run's record. */
export type Standing = 'loading' | 'ready' | 'missing' | 'unreachable';

/** What is said of a run after its end. */
export interface IAfterWords {
  note?: string;
  /** null takes one off. */
  tags?: { [key: string]: string | null };
  archived?: boolean;
}

/** A run in a workspace. */
export class RunModel extends VDomModel {
  constructor(
    readonly client: Client,
    readonly workspace: string,
    readonly runId: string
  ) {
    super();
    this._refresh = new Throttler(() => this._ask(), {
      limit: REST,
      edge: 'trailing'
    });
  }

  /** All of it; null before the first answer. */
  get details(): IRunDetails | null {
    return this._details;
  }

  get run(): IRun | null {
    return this._details?.run ?? null;
  }

  get standing(): Standing {
    return this._standing;
  }

  /** Why the last wish was refused, in a sentence. */
  get problem(): string {
    return this._problem;
  }

  /** Shown: look, and listen. Hidden: hang up. */
  set isVisible(value: boolean) {
    if (value === (this._changes !== null) || this.isDisposed) {
      return;
    }
    if (value) {
      this._changes = new Changes(this.client, this.workspace);
      this._changes.said.connect(this._onSaid, this);
      this._changes.linkChanged.connect((_, link) => {
        if (link === 'broken') {
          void this.refresh();
        }
      });
      // At once: somebody waits for it.
      void this._ask();
    } else {
      this._changes?.dispose();
      this._changes = null;
    }
  }

  override dispose(): void {
    this.isVisible = false;
    this._refresh.dispose();
    super.dispose();
  }

  /** Ask again; several wishes are one question. */
  async refresh(): Promise<void> {
    if (!this.isDisposed) {
      await this._refresh.invoke().catch(() => undefined);
    }
  }

  /** Say something of the run; false when it was refused. */
  say(words: IAfterWords): Promise<boolean> {
    return this.try(async () => {
      await this.client.post(this.route(), words, {
        workspace: this.workspace
      });
      await this.refresh();
    });
  }

  /** Do something that the server may refuse; its sentence is then shown. */
  async try(work: () => Promise<unknown>): Promise<boolean> {
    this._setProblem('');
    try {
      await work();
      return true;
    } catch (error) {
      this._setProblem(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  /** The route of the run, or of something of it. */
  route(part = ''): string {
    return `runs/${encodeURIComponent(this.runId)}${part && `/${part}`}`;
  }

  private _onSaid(_: Changes, message: Message): void {
    if (message.type === 'changed') {
      void this.refresh();
    }
  }

  private async _ask(): Promise<void> {
    let told = '';
    try {
      const { workspace } = this;
      const found = await this.client.get<IRunDetails>(this.route(), {
        workspace
      });
      told = JSON.stringify(found);
      if (told !== this._told) {
        this._details = found;
      }
      this._standing = 'ready';
    } catch (error) {
      this._standing = standingAfter(error, this._details !== null);
      told = `${this._told} ${this._standing}`;
    }
    // What others do in the workspace changes nothing here.
    if (told !== this._told && !this.isDisposed) {
      this._told = told;
      this.stateChanged.emit();
    }
  }

  private _setProblem(problem: string): void {
    if (problem !== this._problem) {
      this._problem = problem;
      this.stateChanged.emit();
    }
  }

  private _changes: Changes | null = null;
  private _details: IRunDetails | null = null;
  private _problem = '';
  private readonly _refresh: Throttler<void, unknown, []>;
  private _standing: Standing = 'loading';
  private _told = '';
}

/** What is left to show after a failure. */
function standingAfter(error: unknown, hasAnswer: boolean): Standing {
  if (error instanceof RequestRefused && error.status < 500) {
    return 'missing';
  }
  if (error instanceof ServerUnreachable) {
    return 'unreachable';
  }
  return hasAnswer ? 'ready' : 'missing';
}
