/**
 * Registered models: a section of the panel, and a tab each in the main area.
 */
import { ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  Clipboard,
  ICommandPalette,
  WidgetTracker
} from '@jupyterlab/apputils';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import { CommandIDs } from '../commands';
import type { VersionsModel } from '../models/versions';
import { IMlops } from '../tokens';
import type { Fill } from '../widgets/tabplace';
import type { VersionsTab } from '../widgets/versionstab';

const SECTION = 'models';
const RANK = 20;
const NO_ARGS = { args: { type: 'object', properties: {} } };
const MODEL_ARGS = {
  args: {
    type: 'object',
    required: ['model'],
    properties: {
      model: { type: 'string', description: 'Name of a registered model.' },
      version: { type: 'number', description: 'The version to look at.' },
      workspace: { type: 'string', description: 'Path of its workspace.' }
    }
  }
};

/** Adds the section, the tabs and their commands. */
export const registryPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:registry',
  description: 'Registered models in the panel and in the main area.',
  autoStart: true,
  requires: [IMlops, IRenderMimeRegistry, IEditorLanguageRegistry],
  optional: [ICommandPalette, ILayoutRestorer, INotebookTracker, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMlops,
    rendermime: IRenderMimeRegistry,
    languages: IEditorLanguageRegistry,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    notebooks: INotebookTracker | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_mlops');
    addSection(app, mlops, trans);
    const fill = filler(app, rendermime, languages, notebooks, trans);
    const tracker = new WidgetTracker<VersionsTab>({
      namespace: 'jupyter-mlops-model'
    });
    addOpenCommand(app, mlops, tracker, fill, trans);
    void restorer?.restore(tracker, {
      command: CommandIDs.openModel,
      args: tab => ({
        model: tab.model.name,
        workspace: tab.model.workspace
      }),
      name: tab => `${tab.model.workspace}:${tab.model.name}`
    });
    palette?.addItem({
      command: CommandIDs.showModels,
      category: trans.__('Experiments')
    });
  }
};

function addSection(
  app: JupyterFrontEnd,
  mlops: IMlops,
  trans: TranslationBundle
): void {
  const open = (model: string): void => {
    const workspace = mlops.model.workspaces.current?.path;
    void app.commands.execute(CommandIDs.openModel, { model, workspace });
  };
  mlops.sections.add({
    id: SECTION,
    label: trans.__('Models'),
    rank: RANK,
    create: async () => {
      const { RegistrySection } = await import('../widgets/registry');
      return new RegistrySection(mlops.model, open, trans);
    }
  });
  app.commands.addCommand(CommandIDs.showModels, {
    label: trans.__('Show Models'),
    describedBy: NO_ARGS,
    execute: async () => {
      await app.commands.execute(CommandIDs.showPanel);
      mlops.sections.show(SECTION);
    }
  });
}

function addOpenCommand(
  app: JupyterFrontEnd,
  mlops: IMlops,
  tracker: WidgetTracker<VersionsTab>,
  fill: Fill<VersionsModel>,
  trans: TranslationBundle
): void {
  const open = async (
    workspace: string,
    name: string,
    at?: number
  ): Promise<VersionsTab> => {
    const [{ VersionsModel }, { VersionsTab, versionsTabId }] =
      await Promise.all([
        import('../models/versions'),
        import('../widgets/versionstab')
      ]);
    const id = versionsTabId(workspace, name);
    const known = tracker.find(one => one.id === id && !one.isDisposed);
    if (known) {
      if (at !== undefined) {
        void known.model.choose(at);
      }
      return known;
    }
    const { client } = mlops.model;
    const model = new VersionsModel(client, workspace, name, at ?? null);
    const tab = new VersionsTab(model, fill, trans);
    void tracker.add(tab);
    return tab;
  };
  app.commands.addCommand(CommandIDs.openModel, {
    label: trans.__('Open Model'),
    describedBy: MODEL_ARGS,
    isEnabled: args => typeof args.model === 'string',
    execute: async args => {
      const { current } = mlops.model.workspaces;
      const workspace = (args.workspace as string | undefined) ?? current?.path;
      if (workspace === undefined) {
        return;
      }
      const version = args.version as number | undefined;
      const tab = await open(workspace, args.model as string, version);
      if (!tab.isAttached) {
        app.shell.add(tab, 'main', { type: 'Model' });
      }
      app.shell.activateById(tab.id);
    }
  });
}

/** Say how a tab is filled: its code is loaded when the first one is shown. */
function filler(
  app: JupyterFrontEnd,
  rendermime: IRenderMimeRegistry,
  languages: IEditorLanguageRegistry,
  notebooks: INotebookTracker | null,
  trans: TranslationBundle
): Fill<VersionsModel> {
  return async (model): Promise<Widget> => {
    const { VersionsContent, cardRenderer, highlighter } =
      await import('../widgets/versions');
    const deeds = {
      openRun: (run: string) =>
        void app.commands.execute(CommandIDs.openRun, {
          run,
          workspace: model.workspace
        }),
      canInsert: () => Boolean(notebooks?.activeCell?.editor),
      insert: (code: string) => {
        notebooks?.activeCell?.editor?.replaceSelection?.(code);
        model.say(trans.__('Inserted at the cursor of the notebook.'));
      },
      copy: (code: string) => {
        Clipboard.copyToSystem(code);
        model.say(trans.__('Copied.'));
      },
      highlight: highlighter(languages),
      renderCard: cardRenderer(rendermime)
    };
    return new VersionsContent(model, deeds, trans);
  };
}
