/**
 * A run of a notebook in the main area, while it fills in: loaded when one is opened.
 */
import * as React from 'react';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Panel } from '@lumino/widgets';

import { LiveHead } from '../components/LiveHead';
import { Lines } from '../components/Lesson';
import { LiveModel } from '../models/live';
import type { IAttached } from '../api/batchwire';
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
    const run = await model.resume();
    if (run) {
      const { workspace } = model;
      this._place.open({ view: 'live', target: run, workspace });
    }
  }

  private async _attach(): Promise<void> {
    const found = await this.model.attach();
    if (found === null) {
      return;
    }
    if (found.kernel_id !== null) {
      await this._place.commands.execute('console:create', {
        kernelPreference: { id: found.kernel_id },
        activate: true
      });
    } else {
      await showHow(found, this._place);
    }
  }

  private readonly _cells: LiveCells;
}

/** Say how to connect, where this server cannot. */
async function showHow(
  found: IAttached,
  { trans }: IBatchPlace
): Promise<void> {
  await showDialog({
    title: trans.__('A kernel holds the state'),
    body: ReactWidget.create(
      <div className="jp-Mlops-how">
        <p>
          {found.is_after
            ? trans.__('As the failed cell left it. In a terminal:')
            : trans.__('As it was before the failed cell. In a terminal:')}
        </p>
        <Lines text={found.console} trans={trans} />
        <p>
          {trans.__(
            'JupyterLab opens a console on it by itself when it is started so:'
          )}
        </p>
        <Lines text={found.lab} trans={trans} />
      </div>
    ),
    buttons: [Dialog.okButton({ label: trans.__('Close') })]
  });
}
