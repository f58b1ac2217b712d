/**
 * A run's tab in the main area: empty until it is first shown.
 */
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { Message } from '@lumino/messaging';
import { PanelLayout, Widget } from '@lumino/widgets';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { RunModel } from '../models/run';
import { mlopsIcon } from './panel';

/** Makes what is inside; called when the tab is first shown. */
export type Fill = (model: RunModel) => Promise<Widget>;

/** Looks at its run only while it is seen itself. */
class RunPlace extends Widget {
  constructor(
    readonly model: RunModel,
    private readonly _fill: Fill
  ) {
    super();
    this.addClass('jp-Mlops-runTab');
    this.layout = new PanelLayout();
  }

  override dispose(): void {
    this.model.dispose();
    super.dispose();
  }

  protected override onBeforeShow(message: Message): void {
    super.onBeforeShow(message);
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

/** A run in the main area. */
export class RunTab extends MainAreaWidget<RunPlace> {
  constructor(
    readonly model: RunModel,
    fill: Fill,
    private readonly _trans: TranslationBundle
  ) {
    super({ content: new RunPlace(model, fill) });
    this.id = tabId(model.workspace, model.runId);
    this.addClass('jp-Mlops-runWidget');
    this.title.icon = mlopsIcon;
    this.title.closable = true;
    model.stateChanged.connect(this._name, this);
    this._name();
  }

  private _name(): void {
    const { run } = this.model;
    this.title.label = run?.name ?? this._trans.__('Run');
    this.title.caption = run
      ? this._trans.__('Run %1 of %2: %3', run.name, run.experiment, run.status)
      : this.model.runId;
  }
}

/** The id of a run's tab. */
export function tabId(workspace: string, runId: string): string {
  return `jp-mlops-run-${workspace}-${runId}`;
}
