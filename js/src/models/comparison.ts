/**
 * Runs that are compared: which, against which, and what two of them differ by.
 */
import { VDomModel } from '@jupyterlab/ui-components';

import type { Client } from '../api/client';
import type { IComparison, IDifference } from '../api/compare';
import type { IRun } from '../api/wire';

/** What brings a comparison back after a reload. */
export interface ICompared {
  workspace: string;
  runs: readonly string[];
  baseline: string;
}

/** Asks the server for a comparison, and for the difference of two of its runs. */
export class ComparisonModel extends VDomModel {
  constructor(
    private readonly _client: Client,
    compared: ICompared
  ) {
    super();
    this._compared = compared;
  }

  /** What brings this back after a reload. */
  get compared(): ICompared {
    return this._compared;
  }

  get client(): Client {
    return this._client;
  }

  get comparison(): IComparison | null {
    return this._comparison;
  }

  get runs(): readonly IRun[] {
    return this._comparison?.runs ?? [];
  }

  get isRunning(): boolean {
    return this.runs.some(run => run.status === 'running');
  }

  /** Why there is nothing to show. */
  get problem(): string {
    return this._problem;
  }

  /** The run that the others are held against. */
  get baseline(): IRun | null {
    const { baseline } = this._compared;
    return (
      this.runs.find(run => run.run_id === baseline) ?? this.runs[0] ?? null
    );
  }

  /** The run whose code and outputs stand beside the baseline's. */
  get other(): IRun | null {
    const others = this.runs.filter(run => run !== this.baseline);
    return others.find(run => run.run_id === this._other) ?? others[0] ?? null;
  }

  /** The run pointed at, in every plot. */
  get pointed(): string {
    return this._pointed;
  }

  /** What changed from the baseline to the other; null: not known yet. */
  get difference(): IDifference | null {
    return this._difference;
  }

  get differenceProblem(): string {
    return this._differenceProblem;
  }

  async refresh(): Promise<void> {
    const { workspace, runs } = this._compared;
    try {
      const found = await this._client.get<IComparison>('compare', {
        workspace,
        runs: runs.join(',')
      });
      // What came later is held against what was there before.
      found.runs.sort((one, other) => one.started.localeCompare(other.started));
      this._comparison = found;
      this._problem = '';
    } catch (error) {
      this._problem = sentenceOf(error);
    }
    this._say();
    await this._compareTwo(true);
  }

  /** Hold the others against this run. */
  holdAgainst(runId: string): void {
    this._compared = { ...this._compared, baseline: runId };
    this._say();
    void this._compareTwo();
  }

  /** Set this run's code and outputs beside the baseline's. */
  setBeside(runId: string): void {
    this._other = runId;
    this._say();
    void this._compareTwo();
  }

  /** Compare without this run. */
  leaveOut(runId: string): void {
    const runs = this._compared.runs.filter(one => one !== runId);
    this._compared = { ...this._compared, runs };
    void this.refresh();
  }

  point(runId: string): void {
    if (runId !== this._pointed) {
      this._pointed = runId;
      this._say();
    }
  }

  private async _compareTwo(isAnew = false): Promise<void> {
    const { baseline, other } = this;
    if (!baseline || !other) {
      this._difference = null;
      this._say();
      return;
    }
    const asked = `${baseline.run_id} ${other.run_id}`;
    if (asked === this._asked && !isAnew) {
      return;
    }
    if (asked !== this._asked) {
      this._difference = null;
      this._say();
    }
    this._asked = asked;
    try {
      const found = await this._client.get<IDifference>('diff', {
        workspace: this._compared.workspace,
        before: baseline.run_id,
        after: other.run_id
      });
      if (asked === this._asked) {
        this._difference = found;
        this._differenceProblem = '';
      }
    } catch (error) {
      if (asked === this._asked) {
        this._differenceProblem = sentenceOf(error);
      }
    }
    this._say();
  }

  private _say(): void {
    if (!this.isDisposed) {
      this.stateChanged.emit();
    }
  }

  private _asked = '';
  private _compared: ICompared;
  private _comparison: IComparison | null = null;
  private _difference: IDifference | null = null;
  private _differenceProblem = '';
  private _other = '';
  private _pointed = '';
  private _problem = '';
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
