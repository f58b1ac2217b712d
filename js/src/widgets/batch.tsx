/**
 * The panel's section of batch work: loaded when it is first shown.
 */
import * as React from 'react';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';

import { CommandIDs } from '../commands';
import { BatchList } from '../components/BatchList';
import { BatchModel, isSweepLine } from '../models/batch';
import type { IBatchLine } from '../models/batch';
import { attachTo, cancelWork, startJob } from '../models/batchjobs';
import type { PanelModel } from '../models/panel';
import type { IBatchView } from './batchplace';

/** Follows the panel's workspace. */
export class BatchSection extends ReactWidget {
  constructor(
    private readonly _panel: PanelModel,
    private readonly _commands: CommandRegistry,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-Mlops-content');
    _panel.workspaces.stateChanged.connect(this._follow, this);
    this._follow();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._panel.workspaces.stateChanged.disconnect(this._follow, this);
      this._model?.dispose();
    }
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._look(this.isVisible);
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._look(true);
  }

  protected override onAfterHide(message: Message): void {
    this._look(false);
    super.onAfterHide(message);
  }

  protected override render(): React.JSX.Element | null {
    const model = this._model;
    return model === null ? null : (
      <UseSignal key={model.workspace} signal={model.stateChanged}>
        {() => (
          <BatchList
            model={model}
            trans={this._trans}
            actions={{
              openPipeline: path =>
                this._open({ view: 'pipeline', target: path }),
              openRun: line => this._openRun(line),
              runPipeline: path =>
                void model.act(() =>
                  startJob(this._panel.client, model.workspace, {
                    kind: 'pipeline',
                    path
                  })
                ),
              runNotebook: () =>
                void this._commands.execute(CommandIDs.runInBatch),
              sweepNotebook: () =>
                void this._commands.execute(CommandIDs.sweepNotebook),
              attach: run => void this._attach(model, run.run_id),
              cancel: (job, run) =>
                model.did(() =>
                  cancelWork(
                    this._panel.client,
                    model.workspace,
                    job,
                    run?.run_id ?? ''
                  )
                )
            }}
          />
        )}
      </UseSignal>
    );
  }

  private async _attach(model: BatchModel, run: string): Promise<void> {
    const { client } = this._panel;
    const found = await model.act(() => attachTo(client, model.workspace, run));
    if (found !== null) {
      const { openAttached } = await import('./attached');
      await openAttached(found, this._commands, this._trans);
    }
  }

  private _openRun(line: IBatchLine): void {
    const { job, run } = line;
    const target = run?.run_id ?? job?.run_id;
    if (isSweepLine(line) && target) {
      this._open({ view: 'sweep', target });
    } else if (run?.kind === 'parent') {
      const path =
        job?.path ??
        this._model?.batch.pipelines.find(one => one.name === run.name)?.path;
      if (path) {
        this._open({ view: 'pipeline', target: path });
      }
    } else if (target) {
      this._open({ view: 'live', target });
    }
  }

  private _open(view: Omit<IBatchView, 'workspace'>): void {
    const workspace = this._model?.workspace ?? '';
    void this._commands.execute(CommandIDs.openBatch, { ...view, workspace });
  }

  private _look(isSeen: boolean): void {
    this._isSeen = isSeen;
    if (this._model !== null) {
      this._model.isVisible = isSeen;
    }
  }

  private _follow(): void {
    const path = this._panel.workspaces.current?.path ?? null;
    if (path === (this._model?.workspace ?? null)) {
      return;
    }
    this._model?.dispose();
    this._model =
      path === null ? null : new BatchModel(this._panel.client, path);
    this._look(this._isSeen);
    this.update();
  }

  private _isSeen = false;
  private _model: BatchModel | null = null;
}
