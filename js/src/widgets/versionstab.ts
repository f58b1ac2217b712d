/**
 * A registered model's tab in the main area.
 */
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { VersionsModel } from '../models/versions';
import { mlopsIcon } from './panel';
import { TabPlace } from './tabplace';
import type { Fill } from './tabplace';

/** A model in the main area. */
export class VersionsTab extends MainAreaWidget<TabPlace<VersionsModel>> {
  constructor(
    readonly model: VersionsModel,
    fill: Fill<VersionsModel>,
    trans: TranslationBundle
  ) {
    super({ content: new TabPlace(model, fill) });
    this.content.addClass('jp-Mlops-versionsPlace');
    this.id = versionsTabId(model.workspace, model.name);
    // Actions are of a version, and stand beside it.
    this.toolbar.hide();
    this.title.icon = mlopsIcon;
    this.title.closable = true;
    this.title.label = model.name;
    this.title.caption = trans.__('Model %1', model.name);
  }
}

/** The id of a model's tab. */
export function versionsTabId(workspace: string, name: string): string {
  return `jp-mlops-model-${workspace}-${name}`;
}
