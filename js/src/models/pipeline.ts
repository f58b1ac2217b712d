/**
 * One pipeline: its steps, how they stand, and why they would run.
 */
import type { Client } from '../api/client';
import { isAlive } from '../api/batchwire';
import type {
  IJob,
  IParameter,
  IPipeline,
  IPipelineStep
} from '../api/batchwire';
import type { JsonValue } from '../api/wire';
import { cancelWork, startJob } from './batchjobs';
import { LiveLook } from './livelook';

/** Knows a pipeline, runs and cancels it. */
export class PipelineModel extends LiveLook {
  constructor(
    client: Client,
    workspace: string,
    readonly path: string
  ) {
    super(client, workspace);
  }

  get pipeline(): IPipeline | null {
    return this._pipeline;
  }

  /** The step whose details are shown. */
  get selected(): IPipelineStep | null {
    const steps = this._pipeline?.steps ?? [];
    return steps.find(step => step.name === this._selected) ?? null;
  }

  select(name: string): void {
    if (name !== this._selected) {
      this._selected = name;
      this.stateChanged.emit();
    }
  }

  /** The job that runs it now. */
  get job(): IJob | null {
    const job = this._pipeline?.job ?? null;
    return isAlive(job) ? job : null;
  }

  get isRunning(): boolean {
    return this.job !== null || this._pipeline?.last?.status === 'running';
  }

  /** What can be given to it: its own parameters, and those of its steps. */
  get parameters(): IParameter[] {
    const { parameters = [], steps = [] } = this._pipeline ?? {};
    const ofSteps = steps.flatMap(step =>
      step.parameters
        // What another step or the pipeline gives is not asked for.
        .map(one => ({ ...one, name: `${step.name}.${one.name}` }))
        .map(one => ({ ...one, is_required: false }))
    );
    return [...parameters, ...ofSteps];
  }

  /** Run it, or one step and what it needs. */
  async run(
    options: { until?: string; force?: boolean } = {},
    parameters: { [name: string]: JsonValue } = {}
  ): Promise<void> {
    const { path } = this;
    const wish = { kind: 'pipeline' as const, path, options, parameters };
    await this.act(() => startJob(this.client, this.workspace, wish));
  }

  /** Only a run that ended badly is gone on with. */
  get isResumable(): boolean {
    const status = this._pipeline?.last?.status ?? '';
    return !this.isRunning && ['failed', 'cancelled', 'lost'].includes(status);
  }

  /** Run what its last run has left, from the cell that failed. */
  async resume(): Promise<void> {
    const run = this._pipeline?.last?.run_id ?? '';
    const wish = { kind: 'resume' as const, run };
    await this.act(() => startJob(this.client, this.workspace, wish));
  }

  /** Interrupt it, whoever started it; false when that was refused. */
  cancel(): Promise<boolean> {
    const { client, job, workspace } = this;
    const run = this._pipeline?.last?.run_id ?? '';
    return this.did(() => cancelWork(client, workspace, job, run));
  }

  protected get isPending(): boolean {
    return this.isRunning;
  }

  protected async ask(): Promise<void> {
    const { path, workspace } = this;
    const found = await this.client.get<IPipeline>('pipeline', {
      workspace,
      path
    });
    this._pipeline = found;
    if (this.selected === null) {
      this._selected = attentionOf(found.steps)?.name ?? '';
    }
  }

  private _pipeline: IPipeline | null = null;
  private _selected = '';
}

/** The step that one wants to see first. */
export function attentionOf(
  steps: readonly IPipelineStep[]
): IPipelineStep | undefined {
  const order = ['failed', 'running', 'runs', 'may run'];
  for (const state of order) {
    const found = steps.find(step => step.state === state);
    if (found) {
      return found;
    }
  }
  return steps[0];
}
