/**
 * A run of a notebook in the main area, while it fills in: loaded when one is opened.
 */
import * as React from 'react';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Panel } from '@lumino/widgets';

import { LiveHead } from '../components/LiveHead';
import { LiveModel } from '../models/live';
import { openAttached } from './attached';
import type { IBatchPlace, IBatchView } from './batchplace';
import { LiveCells } from './livecells';

/** What is known of the run above, its cells below. */
export class LivePage extends Panel {
  constructor(
    private readonly _place: IBatchPlace,
    view: IBatchView
  ) {
    super();
    this.addClass('jp-Mlops-page');
    this.addClass('jp-Mlops-liveView');
    this.model = new LiveModel(_place.client, view.workspace, view.target);
    this._cells = new LiveCells(this.model, _place);
    this.addWidget(ReactWidget.create(this._head()));
    this.addWidget(this._cells);
    this.widgets[0]?.addClass('jp-Mlops-liveHead');
  }

  readonly model: LiveModel;

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
    }
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.model.isVisible = this.isVisible;
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.model.isVisible = true;
  }

  protected override onAfterHide(message: Message): void {
    this.model.isVisible = false;
    super.onAfterHide(message);
  }

  protected override onBeforeDetach(message: Message): void {
    this.model.isVisible = false;
    super.onBeforeDetach(message);
  }

  private _head(): React.JSX.Element {
    return (
      <UseSignal signal={this.model.stateChanged}>
        {() => (
          <LiveHead
            model={this.model}
            isFollowing={this._cells.isFollowing}
            trans={this._place.trans}
            actions={{
              openNotebook: path => this._place.openFile(path),
              resume: () => void this._resume(),
              attach: () => void this._attach(),
              follow: value => {
                this._cells.isFollowing = value;
                this.model.stateChanged.emit();
              }
            }}
          />
        )}
      </UseSignal>
    );
  }

  private async _resume(): Promise<void> {
    const { model } = this;
    const { workspace } = model;
    const run = await model.resume();
    const { pipeline, sweep } = model.live ?? {};
    if (run && sweep) {
      // Points are gone on with together.
      this._place.open({ view: 'sweep', target: run, workspace });
    } else if (run && pipeline) {
      // The run is the pipeline's: its steps are seen there.
      this._place.open({ view: 'pipeline', target: pipeline, workspace });
    } else if (run) {
      this._place.open({ view: 'live', target: run, workspace });
    }
  }

  private async _attach(): Promise<void> {
    const found = await this.model.attach();
    if (found !== null) {
      await openAttached(found, this._place.commands, this._place.trans);
    }
  }

  private readonly _cells: LiveCells;
}
