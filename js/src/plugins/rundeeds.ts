/**
 * What one does with the run in a tab: commands, and the tab's toolbar.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  CommandToolbarButton,
  Notification,
  Toolbar
} from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  checkIcon,
  codeIcon,
  copyIcon,
  editIcon,
  fastForwardIcon,
  fileUploadIcon,
  notebookIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import type { LabIcon } from '@jupyterlab/ui-components';

import { CommandIDs } from '../commands';
import type { RunModel } from '../models/run';
import type { RunTab } from '../widgets/runtab';
import { goToCell } from './cell';
import { insertLoadingCode } from './loadcode';

/** What the commands need of the application. */
export interface IDeedContext {
  app: JupyterFrontEnd;
  /** The run that is meant; null when none is open. */
  find: (args: { run?: unknown; workspace?: unknown }) => RunModel | null;
  notebooks: INotebookTracker | null;
  trans: TranslationBundle;
}

interface IDeed {
  command: string;
  label: string;
  icon: LabIcon;
  can: (model: RunModel) => boolean;
  act: (model: RunModel) => Promise<unknown>;
}

const ARGS = {
  args: {
    type: 'object',
    properties: { run: { type: 'string' }, workspace: { type: 'string' } }
  }
};

/** Add the commands; their names in the order of the toolbar. */
export function addRunDeeds(context: IDeedContext): string[] {
  const deeds = deedsOf(context);
  for (const deed of deeds) {
    context.app.commands.addCommand(deed.command, {
      label: deed.label,
      caption: deed.label,
      icon: deed.icon,
      describedBy: ARGS,
      isEnabled: args => {
        const model = context.find(args);
        return model !== null && model.details !== null && deed.can(model);
      },
      execute: async args => {
        const model = context.find(args);
        if (model !== null) {
          await model.try(() => deed.act(model));
        }
      }
    });
  }
  return deeds.map(deed => deed.command);
}

/** Put the commands into a tab's toolbar. */
export function fillToolbar(
  tab: RunTab,
  commands: JupyterFrontEnd['commands'],
  names: readonly string[]
): void {
  const args = { run: tab.model.runId, workspace: tab.model.workspace };
  for (const id of names) {
    tab.toolbar.addItem(id, new CommandToolbarButton({ commands, id, args }));
  }
  tab.toolbar.addItem('spacer', Toolbar.createSpacerItem());
  tab.model.stateChanged.connect(() => {
    for (const id of names) {
      commands.notifyCommandChanged(id);
    }
  });
}

function deedsOf(context: IDeedContext): IDeed[] {
  const { app, notebooks, trans } = context;
  const isOver = (model: RunModel): boolean => model.run?.status !== 'running';
  return [
    {
      command: CommandIDs.showRunCell,
      label: trans.__('Go to the Cell'),
      icon: editIcon,
      can: model => Boolean(model.run?.notebook),
      act: async ({ run }) => {
        await goToCell(app, run?.notebook ?? '', run?.cell_id ?? null);
      }
    },
    {
      command: CommandIDs.openRecipe,
      label: trans.__('Open the Recipe as a Notebook'),
      icon: notebookIcon,
      can: model => model.details?.recipe !== null,
      act: async model => {
        const { saveRecipe } = await import('../models/rundeeds');
        const path = await saveRecipe(model);
        await app.commands.execute('docmanager:open', { path });
      }
    },
    {
      command: CommandIDs.runAgain,
      label: trans.__('Run Again with Other Values…'),
      icon: fastForwardIcon,
      can: model => isOver(model) && model.run?.kind !== 'script',
      act: model => runAgain(context, model)
    },
    {
      command: CommandIDs.verifyRun,
      label: trans.__('Verify: Do It Again and Compare'),
      icon: checkIcon,
      can: isOver,
      act: model => verifyRun(context, model)
    },
    {
      command: CommandIDs.insertLoading,
      label: trans.__('Insert Code That Loads It'),
      icon: codeIcon,
      can: () => Boolean(notebooks?.currentWidget),
      act: async model => {
        await Promise.resolve(insertLoadingCode(app, notebooks, model, null));
      }
    },
    {
      command: CommandIDs.pushModel,
      label: trans.__('Push to the Registry…'),
      icon: fileUploadIcon,
      can: model =>
        model.details?.artifacts.some(one => one.format === 'model') ?? false,
      act: model => pushModel(context, model)
    },
    {
      command: CommandIDs.cancelRun,
      label: trans.__('Cancel: Interrupt What Does It'),
      icon: stopIcon,
      can: model => !isOver(model),
      act: async model => {
        const { cancel } = await import('../models/rundeeds');
        await cancel(model);
      }
    },
    {
      command: CommandIDs.archiveRun,
      label: trans.__('Archive, or Bring Back'),
      icon: copyIcon,
      can: () => true,
      act: model => model.say({ archived: !model.details?.is_archived })
    }
  ];
}

async function runAgain(context: IDeedContext, model: RunModel): Promise<void> {
  const { app, trans } = context;
  const [{ changeable, doAgain }, { askParameters }] = await Promise.all([
    import('../models/rundeeds'),
    import('../widgets/parameterform')
  ]);
  const values = await askParameters(
    trans.__('Run %1 again', model.run?.name ?? ''),
    await changeable(model),
    trans,
    {
      given: model.run?.params ?? {},
      empty: trans.__('Nothing in it can be changed from outside.')
    }
  );
  if (values === null) {
    return;
  }
  const note = Notification.emit(
    trans.__('The run is being started…'),
    'in-progress'
  );
  try {
    const run = await doAgain(model, values);
    const { workspace } = model;
    Notification.update({
      id: note,
      type: 'success',
      message: trans.__('A new run has begun.'),
      autoClose: 8000,
      actions: [
        {
          label: trans.__('Open'),
          callback: () =>
            void app.commands.execute(CommandIDs.openRun, { run, workspace })
        }
      ]
    });
    await app.commands.execute(CommandIDs.openRun, { run, workspace });
  } catch (error) {
    Notification.dismiss(note);
    throw error;
  }
}

async function verifyRun(
  context: IDeedContext,
  model: RunModel
): Promise<void> {
  const { trans } = context;
  const { verify } = await import('../models/rundeeds');
  const name = model.run?.name ?? '';
  const note = Notification.emit(
    trans.__('%1 is done again and compared…', name),
    'in-progress'
  );
  try {
    await verify(model);
    Notification.update({
      id: note,
      type:
        model.details?.verdict?.word === 'reproduced' ? 'success' : 'warning',
      message: trans.__('%1: %2', name, model.details?.verdict?.summary ?? ''),
      autoClose: 8000
    });
  } catch (error) {
    Notification.dismiss(note);
    throw error;
  }
}

async function pushModel(
  context: IDeedContext,
  model: RunModel
): Promise<void> {
  const { trans } = context;
  const [{ modelNames, push }, { askPush }] = await Promise.all([
    import('../models/rundeeds'),
    import('../widgets/pushform')
  ]);
  const artifacts = model.details?.artifacts ?? [];
  const words = await askPush(
    artifacts.filter(one => one.format === 'model').map(one => one.name),
    await modelNames(model),
    trans
  );
  if (words !== null) {
    const made = await push(model, words);
    Notification.success(
      trans.__('%1 has version %2.', made.model, made.version),
      { autoClose: 8000 }
    );
  }
}
