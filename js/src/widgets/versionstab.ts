/**
 * A registered model's tab in the main area: empty until it is first shown.
 */
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { Message } from '@lumino/messaging';
import { PanelLayout, Widget } from '@lumino/widgets';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { VersionsModel } from '../models/versions';
import { mlopsIcon } from './panel';

/** Makes what is inside; called when the tab is first shown. */
export type FillVersions = (model: VersionsModel) => Promise<Widget>;

/** Looks at its model only while it is seen itself. */
class VersionsPlace extends Widget {
  constructor(
    readonly model: VersionsModel,
    private readonly _fill: FillVersions
  ) {
    super();
    this.addClass('jp-Mlops-versionsPlace');
    this.layout = new PanelLayout();
  }

  override dispose(): void {
    this.model.dispose();
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._appear();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) {
      this._appear();
    }
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.model.isVisible = false;
  }

  protected override onBeforeDetach(message: Message): void {
    this.model.isVisible = false;
    super.onBeforeDetach(message);
  }

  private _appear(): void {
    this.model.isVisible = true;
    if (!this._isFilled) {
      this._isFilled = true;
      void this._fill(this.model).then(inside => {
        if (this.isDisposed) {
          inside.dispose();
        } else {
          (this.layout as PanelLayout).addWidget(inside);
        }
      });
    }
  }

  private _isFilled = false;
}

/** A model in the main area. */
export class VersionsTab extends MainAreaWidget<Widget> {
  constructor(
    readonly model: VersionsModel,
    fill: FillVersions,
    trans: TranslationBundle
  ) {
    super({ content: new VersionsPlace(model, fill) });
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
