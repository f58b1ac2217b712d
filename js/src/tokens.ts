/**
 * What other plugins, ours and others', may ask for.
 */
import { Token } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';

import type { PanelModel } from './models/panel';
import type { ISectionName, SectionsModel } from './models/sections';

/** A section of the panel, beside that of the runs. */
export interface ISection extends ISectionName {
  /**
   * Make the widget: called once, when the section is first shown. Load its code by
   * `import()` here. The widget fills the section. As Lumino's widgets do, it looks at
   * `isVisible` in `onAfterAttach`, and hears by `onAfterShow` and `onAfterHide` whether
   * it is seen from then on; hidden, it must ask the server for nothing.
   */
  create(): Promise<Widget>;
}

/** The panel's models, the client to the server part, and places to add to. */
export interface IMlops {
  readonly model: PanelModel;
  /** The panel's sections; `sections.add({ id, label, rank, create })` adds one. */
  readonly sections: SectionsModel<ISection>;
}

export const IMlops = new Token<IMlops>(
  'jupyter-mlops:IMlops',
  'The workspace, the runs and the selection that the sidebar shows; places to add to.'
);
