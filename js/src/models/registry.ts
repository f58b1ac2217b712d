/**
 * The registered models of the workspace in front.
 */
import { VDomModel } from '@jupyterlab/ui-components';

import type { Client } from '../api/client';
import type { IModel, IModels } from '../api/registry';

const NOTHING: IModels = { models: [], broken: [] };

/** Knows the models by name; asks only while somebody looks. */
export class RegistryModel extends VDomModel {
  constructor(private readonly _client: Client) {
    super();
  }

  get hasAnswer(): boolean {
    return this._hasAnswer;
  }

  /** What went wrong with the last question; empty when nothing did. */
  get problem(): string {
    return this._problem;
  }

  get total(): number {
    return this._found.models.length + this._found.broken.length;
  }

  get filter(): string {
    return this._filter;
  }

  set filter(value: string) {
    if (value !== this._filter) {
      this._filter = value;
      this.stateChanged.emit();
    }
  }

  /** The models whose name, alias or kind holds every word of the filter. */
  get models(): IModel[] {
    return this._found.models.filter(one =>
      fits(
        this._filter,
        `${one.name} ${Object.keys(one.aliases).join(' ')} ` +
          `${one.latest?.flavor ?? ''} ${one.latest?.class_name ?? ''}`
      )
    );
  }

  /** Those whose history cannot be trusted. */
  get broken(): IModels['broken'] {
    return this._found.broken.filter(one => fits(this._filter, one.name));
  }

  get workspace(): string | null {
    return this._workspace;
  }

  /** Another workspace came to the front; null for none. */
  async show(workspace: string | null): Promise<void> {
    if (workspace !== this._workspace) {
      this._workspace = workspace;
      this._found = NOTHING;
      this._hasAnswer = false;
      this.stateChanged.emit();
    }
    await this.refresh();
  }

  /** Ask anew. */
  async refresh(): Promise<void> {
    const workspace = this._workspace;
    if (workspace === null) {
      return;
    }
    const question = ++this._question;
    let found = this._found;
    let problem = '';
    try {
      found = await this._client.get<IModels>('models', { workspace });
    } catch (error) {
      problem = (error as Error).message;
    }
    // A later question overtook this one, or nobody looks any more.
    if (question !== this._question || this.isDisposed) {
      return;
    }
    this._found = found;
    this._problem = problem;
    this._hasAnswer = this._hasAnswer || problem === '';
    this.stateChanged.emit();
  }

  private _filter = '';
  private _found = NOTHING;
  private _hasAnswer = false;
  private _problem = '';
  private _question = 0;
  private _workspace: string | null = null;
}

/** Whether every word of a filter is somewhere in a text. */
export function fits(filter: string, text: string): boolean {
  const low = text.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every(word => low.includes(word));
}
