/**
 * What other plugins, ours and others', may ask for.
 */
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { Widget } from '@lumino/widgets';

import type {
  AdditionsModel,
  IRunAction,
  IRunColumn
} from './models/additions';
import type { PanelModel } from './models/panel';
import type { ISectionName, SectionsModel } from './models/sections';
import type { SettingsModel } from './models/settings';

export type { IRunAction, IRunColumn };

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
  readonly settings: SettingsModel;
  /** The columns that were added. */
  readonly additions: AdditionsModel;
  /**
   * Add a column to the table of runs; it is offered in the menu of columns and shown
   * at once. Disposing the answer takes it away.
   */
  addColumn(column: IRunColumn): IDisposable;
  /** Add an action to the menu of runs; disposing the answer takes it away. */
  addAction(action: IRunAction): IDisposable;
}

export const IMlops = new Token<IMlops>(
  'jupyter-mlops:IMlops',
  'The workspace, the runs and the selection that the sidebar shows; places to add to.'
);
