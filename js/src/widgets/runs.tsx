/**
 * The section of runs: loaded when it is first shown.
 */
import * as React from 'react';
import { MenuSvg, ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';

import { PickedBar } from '../components/PickedBar';
import { RunsView } from '../components/RunsView';
import { CommandIDs } from '../commands';
import { ADDED } from '../models/additions';
import { ATTRIBUTES } from '../models/columns';
import { GROUPINGS } from '../models/question';
import type { PanelModel } from '../models/panel';

const MOST_KEYS = 30;

/** Runs, as React draws them; hidden, they are not asked for. */
export class RunsSection extends ReactWidget {
  constructor(
    private readonly _model: PanelModel,
    private readonly _commands: CommandRegistry,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-Mlops-content');
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._model.runs.isShown = true;
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this._model.runs.isShown = false;
  }

  protected override render(): React.JSX.Element {
    return (
      <>
        <RunsView
          model={this._model}
          onOpen={run =>
            void this._commands.execute(CommandIDs.openRun, { run: run.run_id })
          }
          onColumns={anchor => void this._openColumns(anchor)}
          trans={this._trans}
        />
        <PickedBar
          table={this._model.table}
          onCompare={() => void this._commands.execute(CommandIDs.compareRuns)}
          trans={this._trans}
        />
      </>
    );
  }

  /** A menu of all columns there are, those that are shown ticked. */
  private async _openColumns(anchor: DOMRect): Promise<void> {
    await this._model.names.refresh();
    const { metrics, params, tags } = this._model.names.names;
    const menu = new MenuSvg({ commands: this._commands });
    const command = CommandIDs.toggleColumn;
    const add = (noun: string, keys: readonly string[]): void => {
      for (const key of keys.slice(0, MOST_KEYS)) {
        menu.addItem({ command, args: { column: `${noun}.${key}` } });
      }
      menu.addItem({ type: 'separator' });
    };
    for (const by of GROUPINGS) {
      menu.addItem({ command: CommandIDs.groupRuns, args: { by } });
    }
    menu.addItem({ type: 'separator' });
    menu.addItem({ command: CommandIDs.showArchived });
    menu.addItem({ type: 'separator' });
    for (const column of ATTRIBUTES) {
      menu.addItem({ command, args: { column } });
    }
    menu.addItem({ type: 'separator' });
    add('metrics', metrics);
    add('curves', metrics);
    add('params', params);
    add('tags', tags);
    for (const { id, title } of this._model.additions.columns) {
      menu.addItem({ command, args: { column: ADDED + id, title } });
    }
    menu.addItem({ command: CommandIDs.resetColumns });
    menu.open(anchor.left, anchor.bottom);
  }
}
