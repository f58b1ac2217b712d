/**
 * A run's tab in the main area.
 */
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { RunModel } from '../models/run';
import { mlopsIcon } from './panel';
import { TabPlace } from './tabplace';
import type { Fill } from './tabplace';

/** A run in the main area. */
export class RunTab extends MainAreaWidget<TabPlace<RunModel>> {
  constructor(
    readonly model: RunModel,
    fill: Fill<RunModel>,
    private readonly _trans: TranslationBundle
  ) {
    super({ content: new TabPlace(model, fill) });
    this.content.addClass('jp-Mlops-runTab');
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
function tabId(workspace: string, runId: string): string {
  return `jp-mlops-run-${workspace}-${runId}`;
}
