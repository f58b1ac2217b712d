/**
 * What is looked at while it goes on: asked for again when the server says that
 * something changed, and only while somebody sees it.
 */
import { VDomModel } from '@jupyterlab/ui-components';
import { Poll, Throttler } from '@lumino/polling';

import { Changes } from '../api/changes';
import type { Client } from '../api/client';

/** Between two questions, in ms. */
const REST = 250;

/** Between two questions while something goes on that nobody would tell of, in ms. */
const PATIENCE = 1200;

/** Asks one question again and again. */
export abstract class LiveLook extends VDomModel {
  constructor(
    protected readonly client: Client,
    readonly workspace: string
  ) {
    super();
    this._asking = new Throttler(() => this._ask(), {
      limit: REST,
      edge: 'trailing'
    });
    this._poll = new Poll({
      name: 'jupyter-mlops:look',
      auto: true,
      factory: () => this.refresh(),
      frequency: { interval: PATIENCE, backoff: false, max: PATIENCE },
      standby: () => !this._isVisible || !this.isPending || document.hidden
    });
  }

  /** Why there is no answer; empty when there is. */
  get problem(): string {
    return this._problem;
  }

  get hasAnswer(): boolean {
    return this._hasAnswer;
  }

  get isVisible(): boolean {
    return this._isVisible;
  }

  /** Shown: look, and listen. Hidden: hang up. */
  set isVisible(value: boolean) {
    if (value === this._isVisible || this.isDisposed) {
      return;
    }
    this._isVisible = value;
    this._changes?.dispose();
    this._changes = null;
    if (value) {
      this._changes = new Changes(this.client, this.workspace);
      this._changes.said.connect(this._onSaid, this);
      void this.refresh();
    }
  }

  /** Ask again; several wishes are one question. */
  async refresh(): Promise<void> {
    if (this._isVisible && !this.isDisposed) {
      await this._asking.invoke();
    }
  }

  /** Do something on the server; what it refuses is shown. */
  async act<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      const found = await work();
      this._refusal = '';
      return found;
    } catch (error) {
      this._refusal = sentenceOf(error);
      return null;
    } finally {
      this.stateChanged.emit();
      void this.refresh();
    }
  }

  /** Do something that answers nothing; false when it was refused. */
  async did(work: () => Promise<void>): Promise<boolean> {
    return (await this.act(() => work().then(() => true))) ?? false;
  }

  /** What the server said to the last wish; empty when it did it. */
  get refusal(): string {
    return this._refusal;
  }

  dismiss(): void {
    this._refusal = '';
    this.stateChanged.emit();
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.isVisible = false;
    this._asking.dispose();
    this._poll.dispose();
    super.dispose();
  }

  /** Something goes on that no journal tells of. */
  protected abstract get isPending(): boolean;

  /** Ask, and keep the answer. */
  protected abstract ask(): Promise<void>;

  private _onSaid(): void {
    void this.refresh();
  }

  private async _ask(): Promise<void> {
    try {
      await this.ask();
      this._problem = '';
      this._hasAnswer = true;
    } catch (error) {
      this._problem = sentenceOf(error);
    }
    if (!this.isDisposed) {
      this.stateChanged.emit();
    }
  }

  private readonly _asking: Throttler<void, unknown, []>;
  private _changes: Changes | null = null;
  private _hasAnswer = false;
  private _isVisible = false;
  private readonly _poll: Poll;
  private _problem = '';
  private _refusal = '';
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
