/**
 * Whether news of the workspace come through.
 */
import { VDomModel } from '@jupyterlab/ui-components';

import type { Link } from '../api/changes';

/** The state of the connection, and what the server has to say about it. */
export class LinkModel extends VDomModel {
  get link(): Link {
    return this._link;
  }

  set link(value: Link) {
    if (value !== this._link) {
      this._link = value;
      this.stateChanged.emit();
    }
  }

  /** Why the workspace cannot be read; empty: it can. */
  get problem(): string {
    return this._problem;
  }

  set problem(value: string) {
    if (value !== this._problem) {
      this._problem = value;
      this.stateChanged.emit();
    }
  }

  private _link: Link = 'connecting';
  private _problem = '';
}
