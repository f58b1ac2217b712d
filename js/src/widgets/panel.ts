/**
 * The place in the sidebar: empty until it is first shown.
 */
import { LabIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { PanelLayout, Widget } from '@lumino/widgets';

import iconSvg from '../../style/icons/mlops.svg';
import type { PanelModel } from '../models/panel';
import type { SectionsModel } from '../models/sections';
import type { ISection } from '../tokens';
import { SectionStack } from './sections';

export const mlopsIcon = new LabIcon({
  name: 'jupyter-mlops:runs',
  svgstr: iconSvg
});

/** The panel: a head, the sections, and what is said in their place. */
export class MlopsPanel extends Widget {
  constructor(
    readonly model: PanelModel,
    private readonly _sections: SectionsModel<ISection>,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.id = 'jp-mlops-panel';
    this.addClass('jp-Mlops-panel');
    this.layout = new PanelLayout();
    this.title.icon = mlopsIcon;
    this.title.caption = this._trans.__('Experiments');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', this._trans.__('Experiments'));
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

  /** Look only from now on; the first time, fetch what draws it. */
  private _appear(): void {
    if (this._hasStarted) {
      this.model.isVisible = true;
      return;
    }
    this._hasStarted = true;
    // The question is on its way while the code is.
    void this.model.start();
    void this._fill();
  }

  private async _fill(): Promise<void> {
    const layout = this.layout as PanelLayout;
    const stack = new SectionStack(this._sections);
    const { createSurround } = await import('./content');
    const [head, standing, foot] = createSurround(
      this.model,
      this._sections,
      this._trans
    );
    const { workspaces } = this.model;
    const choose = (): void => {
      stack.setHidden(!workspaces.isListable);
      standing.setHidden(workspaces.isListable);
    };
    workspaces.stateChanged.connect(choose);
    choose();
    for (const widget of [head, standing, stack, foot]) {
      layout.addWidget(widget);
    }
  }

  private _hasStarted = false;
}
