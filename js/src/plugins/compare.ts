/**
 * Runs compared, in a tab of the main area.
 */
import { ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  MainAreaWidget,
  WidgetTracker
} from '@jupyterlab/apputils';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../commands';
import { ComparisonModel } from '../models/comparison';
import type { ICompared } from '../models/comparison';
import type { PanelModel } from '../models/panel';
import { IMlops } from '../tokens';
import type { CompareContent, ICompareTools } from '../widgets/compare';
import { mlopsIcon } from '../widgets/panel';

type CompareTab = MainAreaWidget<CompareContent>;

/** Adds the command that compares runs; its tabs are there again after a reload. */
export const comparePlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:compare',
  description: 'Two runs or more, compared in the main area.',
  autoStart: true,
  requires: [IMlops, IRenderMimeRegistry],
  optional: [
    ICommandPalette,
    IEditorLanguageRegistry,
    ILayoutRestorer,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMlops,
    rendermime: IRenderMimeRegistry,
    palette: ICommandPalette | null,
    languages: IEditorLanguageRegistry | null,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null
  ): void => {
    const { model } = mlops;
    const trans = (translator ?? nullTranslator).load('jupyter_mlops');
    const tabs = new WidgetTracker<CompareTab>({
      namespace: 'jupyter-mlops-compare'
    });
    const tools: ICompareTools = {
      rendermime,
      languages,
      onOpen: (run, workspace) =>
        void app.commands.execute(CommandIDs.openRun, {
          run: run.run_id,
          workspace
        }),
      trans
    };
    app.commands.addCommand(CommandIDs.compareRuns, {
      label: trans.__('Compare Runs'),
      caption: trans.__('Set the picked runs side by side'),
      describedBy: { args: ARGS },
      isEnabled: args =>
        Array.isArray(args.runs) || model.table.picked.length > 1,
      execute: async args => {
        const compared = toCompared(args, model);
        const key = keyOf(compared);
        let tab = tabs.find(one => keyOf(one.content.model.compared) === key);
        if (!tab) {
          tab = await makeTab(model, compared, tools);
          app.shell.add(tab, 'main');
          void tabs.add(tab);
        }
        app.shell.activateById(tab.id);
        return tab;
      }
    });
    model.table.stateChanged.connect(() =>
      app.commands.notifyCommandChanged(CommandIDs.compareRuns)
    );
    palette?.addItem({
      command: CommandIDs.compareRuns,
      category: trans.__('Experiments')
    });
    void restorer?.restore(tabs, {
      command: CommandIDs.compareRuns,
      args: tab => ({ ...tab.content.model.compared, runs: runsOf(tab) }),
      name: tab => keyOf(tab.content.model.compared)
    });
  }
};

const ARGS = {
  type: 'object',
  properties: {
    workspace: { type: 'string' },
    runs: { type: 'array', items: { type: 'string' } },
    baseline: { type: 'string' }
  }
};

/** What is meant by a command's arguments: without any, the runs that are picked. */
function toCompared(
  args: { [name: string]: unknown },
  model: PanelModel
): ICompared {
  const { workspace, runs, baseline } = args;
  const picked = model.table.picked.map(run => run.run_id);
  return {
    workspace:
      typeof workspace === 'string'
        ? workspace
        : (model.workspaces.current?.path ?? ''),
    runs: Array.isArray(runs) ? runs.map(String) : picked,
    baseline: typeof baseline === 'string' ? baseline : ''
  };
}

function keyOf({ workspace, runs }: ICompared): string {
  return [workspace, ...runs].join(' ');
}

function runsOf(tab: CompareTab): string[] {
  return [...tab.content.model.compared.runs];
}

async function makeTab(
  { client }: PanelModel,
  compared: ICompared,
  tools: ICompareTools
): Promise<CompareTab> {
  const { CompareContent } = await import('../widgets/compare');
  const comparison = new ComparisonModel(client, compared);
  const content = new CompareContent(comparison, tools);
  const tab = new MainAreaWidget({ content });
  // What it would hold stands with what it is about.
  tab.toolbar.hide();
  tab.id = `jp-mlops-compare-${Date.now()}-${Math.random().toString(36).slice(2)}`;
  tab.title.icon = mlopsIcon;
  tab.title.closable = true;
  const name = (): void => {
    const count = comparison.compared.runs.length;
    const [first, second] = comparison.runs;
    tab.title.label =
      comparison.runs.length === 2 && first && second
        ? `${first.name} – ${second.name}`
        : tools.trans.__('%1 runs compared', count);
    tab.title.caption = comparison.runs.map(run => run.name).join('\n');
  };
  comparison.stateChanged.connect(name);
  name();
  return tab;
}
