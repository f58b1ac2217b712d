/**
 * The panel's commands, in the palette and in the menu of a run.
 */
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Clipboard, ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { IRun } from '../api/wire';
import { CommandIDs } from '../commands';
import { GROUPINGS } from '../models/question';
import type { IQuestion } from '../models/question';
import type { TableModel } from '../models/table';
import { IMlops } from '../tokens';
import { mlopsIcon } from '../widgets/panel';
import { goToCell } from './cell';

/** Adds the commands. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:commands',
  description: 'Commands of the experiments panel.',
  autoStart: true,
  requires: [IMlops],
  optional: [ICommandPalette, ILauncher, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMlops,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    translator: ITranslator | null
  ): void => {
    const { model, sections } = mlops;
    const trans = (translator ?? nullTranslator).load('jupyter_mlops');
    const labelOf = (args: ReadonlyPartialJSONObject): string =>
      sections.all.find(one => one.id === args.section)?.label ?? '';
    app.commands.addCommand(CommandIDs.showPanel, {
      label: args =>
        args.isLauncher
          ? trans.__('Experiments')
          : trans.__('Show Experiments'),
      caption: trans.__('Runs, batch notebooks and models of this project'),
      icon: args => (args.isLauncher ? mlopsIcon : undefined),
      describedBy: {
        args: {
          type: 'object',
          properties: { isLauncher: { type: 'boolean' } }
        }
      },
      execute: () => app.shell.activateById(PANEL)
    });
    app.commands.addCommand(CommandIDs.showSection, {
      label: args => trans.__('Show Experiments: %1', labelOf(args)),
      describedBy: {
        args: { type: 'object', properties: { section: { type: 'string' } } }
      },
      execute: args => {
        sections.show(args.section as string);
        app.shell.activateById(PANEL);
      }
    });
    addRunCommands(app, mlops, trans);
    addColumnCommands(app, model.table, trans);
    addGroupCommand(app, mlops, trans);
    const category = trans.__('Experiments');
    palette?.addItem({ command: CommandIDs.showPanel, category });
    palette?.addItem({ command: CommandIDs.showArchived, category });
    launcher?.add({
      command: CommandIDs.showPanel,
      args: { isLauncher: true },
      category: trans.__('Other'),
      rank: LAUNCHER_RANK
    });
    for (const by of GROUPINGS) {
      const args = { by };
      palette?.addItem({ command: CommandIDs.groupRuns, args, category });
    }
  }
};

const LAUNCHER_RANK = 10;
const PANEL = 'jp-mlops-panel';
const NO_ARGS = { args: { type: 'object', properties: {} } };

function addRunCommands(
  app: JupyterFrontEnd,
  mlops: IMlops,
  trans: TranslationBundle
): void {
  const { table } = mlops.model;
  const selected = (): IRun | null => table.selected;
  app.commands.addCommand(CommandIDs.goToCell, {
    label: trans.__('Go to Cell'),
    describedBy: NO_ARGS,
    isEnabled: () => Boolean(selected()?.notebook),
    execute: async () => {
      const run = selected();
      if (run?.notebook) {
        await goToCell(app, run.notebook, run.cell_id);
      }
    }
  });
  app.commands.addCommand(CommandIDs.copyRunId, {
    label: trans.__('Copy Run ID'),
    describedBy: NO_ARGS,
    isEnabled: () => selected() !== null,
    execute: () => Clipboard.copyToSystem(selected()?.run_id ?? '')
  });
}

function addColumnCommands(
  app: JupyterFrontEnd,
  table: TableModel,
  trans: TranslationBundle
): void {
  app.commands.addCommand(CommandIDs.toggleColumn, {
    label: args =>
      (args.title as string | undefined) ??
      (args.column as string | undefined) ??
      trans.__('Show or Hide a Column'),
    describedBy: {
      args: { type: 'object', properties: { column: { type: 'string' } } }
    },
    isToggled: args => table.columns.includes(args.column as string),
    execute: args => table.toggle(args.column as string)
  });
  app.commands.addCommand(CommandIDs.resetColumns, {
    label: trans.__('Automatic Columns'),
    describedBy: NO_ARGS,
    isToggled: () => table.chosen === null,
    execute: () => table.choose(null)
  });
}

function addGroupCommand(
  app: JupyterFrontEnd,
  mlops: IMlops,
  trans: TranslationBundle
): void {
  const { runs, table } = mlops.model;
  const labels: { [by: string]: string } = {
    experiment: trans.__('Group Runs by Experiment'),
    parent: trans.__('Group Runs by Parent')
  };
  const groupBy = (args: ReadonlyPartialJSONObject): IQuestion['groupBy'] =>
    args.by === 'experiment' || args.by === 'parent' ? args.by : '';
  app.commands.addCommand(CommandIDs.showArchived, {
    label: trans.__('Show Archived Runs'),
    describedBy: NO_ARGS,
    isToggled: () => runs.question.withArchived,
    execute: () => runs.ask({ withArchived: !runs.question.withArchived })
  });
  app.commands.addCommand(CommandIDs.groupRuns, {
    label: args => labels[groupBy(args)] ?? trans.__('Do Not Group Runs'),
    describedBy: {
      args: { type: 'object', properties: { by: { type: 'string' } } }
    },
    isToggled: args => runs.question.groupBy === groupBy(args),
    execute: args => runs.ask({ groupBy: groupBy(args), metric: table.metric })
  });
}
