/**
 * What the user set in JupyterLab's settings.
 */
import { VDomModel } from '@jupyterlab/ui-components';

import { GROUPINGS } from './question';
import type { IQuestion } from './question';

/** The settings, as `schema/commands.json` has them. */
export interface ISettingValues {
  /** Columns before anybody chooses; empty: those that tell most. */
  columns: readonly string[];
  /** The metric of sparklines and of groups' best; empty: the first in sight. */
  metric: string;
  groupBy: IQuestion['groupBy'];
  /** Marks in the margin of tracked cells. */
  marks: boolean;
  /** What is recorded now, in the status bar. */
  statusBar: boolean;
  /** Changes are followed while the panel is shown. */
  liveUpdates: boolean;
}

export const DEFAULTS: ISettingValues = {
  columns: [],
  metric: '',
  groupBy: '',
  marks: true,
  statusBar: true,
  liveUpdates: true
};

/** Holds them; without a settings registry they are as they come. */
export class SettingsModel extends VDomModel {
  get values(): ISettingValues {
    return this._values;
  }

  /** Take what the registry holds; what is wrong in it is as it comes. */
  take(given: { readonly [name: string]: unknown }): void {
    const { columns, metric, groupBy } = given;
    const isOn = (name: keyof ISettingValues): boolean => given[name] !== false;
    this._values = {
      columns: isTexts(columns) ? columns : DEFAULTS.columns,
      metric: typeof metric === 'string' ? metric : DEFAULTS.metric,
      groupBy: GROUPINGS.find(one => one === groupBy) ?? DEFAULTS.groupBy,
      marks: isOn('marks'),
      statusBar: isOn('statusBar'),
      liveUpdates: isOn('liveUpdates')
    };
    this.stateChanged.emit();
  }

  private _values = DEFAULTS;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(one => typeof one === 'string');
}
