/**
 * What filters and columns may name in the workspace in front.
 */
import { VDomModel } from '@jupyterlab/ui-components';

import type { Client } from '../api/client';
import type { INames } from '../api/wire';

const NOTHING: INames = { params: [], metrics: [], tags: [], experiments: [] };

/** Knows the names of experiments, params, metrics and tags. */
export class NamesModel extends VDomModel {
  constructor(private readonly _client: Client) {
    super();
  }

  get names(): INames {
    return this._names;
  }

  /** Show those of another workspace. */
  async show(workspace: string | null): Promise<void> {
    this._workspace = workspace;
    this._names = NOTHING;
    this.stateChanged.emit();
    await this.refresh();
  }

  /** Look again. */
  async refresh(): Promise<void> {
    const workspace = this._workspace;
    if (workspace === null) {
      return;
    }
    try {
      const found = await this._client.get<INames>('names', { workspace });
      if (workspace === this._workspace) {
        this._names = found;
        this.stateChanged.emit();
      }
    } catch {
      // The table asks the same server, and says what is wrong.
    }
  }

  private _names: INames = NOTHING;
  private _workspace: string | null = null;
}
