/**
 * The place in the status bar: empty while nothing is recorded.
 */
import * as React from 'react';
import { MenuSvg, VDomRenderer } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../commands';
import { RecordingStatus } from '../components/RecordingStatus';
import type { IRecordedRun, RecordingModel } from '../models/recording';

/** Draws what is recorded; a click opens it, or a menu of all. */
export class RecordingItem extends VDomRenderer<RecordingModel> {
  constructor(
    model: RecordingModel,
    private readonly _commands: CommandRegistry,
    private readonly _trans: TranslationBundle
  ) {
    super(model);
    this.addClass('jp-Mlops-recordingItem');
  }

  protected override render(): React.JSX.Element | null {
    const { model } = this;
    return model ? (
      <RecordingStatus
        runs={model.runs}
        onOpen={run =>
          void this._commands.execute(CommandIDs.openRun, toArgs(run))
        }
        onMenu={anchor => this._openMenu(anchor)}
        trans={this._trans}
      />
    ) : null;
  }

  private _openMenu(anchor: DOMRect): void {
    const menu = new MenuSvg({ commands: this._commands });
    for (const run of this.model?.runs ?? []) {
      const args = { ...toArgs(run), name: run.name };
      menu.addItem({ command: CommandIDs.openRecorded, args });
    }
    menu.open(anchor.left, anchor.top);
  }
}

function toArgs(run: IRecordedRun): { run: string; workspace: string } {
  return { run: run.run_id, workspace: run.workspace };
}
