/**
 * What other plugins, ours and others', may ask for.
 */
import { Token } from '@lumino/coreutils';

import type { PanelModel } from './models/panel';

/** The panel's models and the client to the server part. */
export interface IMlops {
  readonly model: PanelModel;
}

export const IMlops = new Token<IMlops>(
  'jupyter-mlops:IMlops',
  'The workspace, the runs and the selection that the sidebar shows.'
);
