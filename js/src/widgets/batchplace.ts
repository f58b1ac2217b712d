/**
 * What the views of batch work share: where they are, and what they may call.
 */
import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import type { Client } from '../api/client';

/** Which view, of what. */
export interface IBatchView {
  view: 'pipeline' | 'live' | 'sweep';
  /** A path from the server's root, or a run's id. */
  target: string;
  workspace: string;
}

export interface IBatchPlace {
  client: Client;
  commands: CommandRegistry;
  rendermime: IRenderMimeRegistry;
  editors: IEditorServices;
  trans: TranslationBundle;
  /** Open another view; `inPlace` closes the one that asks. */
  open: (view: IBatchView) => void;
  /** Open a file of the server. */
  openFile: (path: string) => void;
}
