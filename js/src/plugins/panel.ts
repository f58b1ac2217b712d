/**
 * The panel in the left sidebar.
 */
import { ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Client } from '../api/client';
import { PanelModel } from '../models/panel';
import { SectionsModel } from '../models/sections';
import { SettingsModel } from '../models/settings';
import { IMlops } from '../tokens';
import type { ISection } from '../tokens';
import { MlopsPanel } from '../widgets/panel';
import { addAction } from './additions';
import { followNotebooks } from './follow';
import { keepColumns, keepSection } from './keeping';
import { followSettings, obeySettings } from './settings';

const RANK = 300;

/** Adds the panel; offers its models to other plugins. */
export const panelPlugin: JupyterFrontEndPlugin<IMlops> = {
  id: 'jupyter-mlops:panel',
  description: 'Experiments in the left sidebar.',
  autoStart: true,
  provides: IMlops,
  optional: [
    ILayoutRestorer,
    INotebookTracker,
    ISettingRegistry,
    IStateDB,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    restorer: ILayoutRestorer | null,
    notebooks: INotebookTracker | null,
    registry: ISettingRegistry | null,
    state: IStateDB | null,
    translator: ITranslator | null
  ): IMlops => {
    const trans = (translator ?? nullTranslator).load('jupyter_mlops');
    const client = new Client(app.serviceManager.serverSettings);
    const model = new PanelModel(client);
    const settings = new SettingsModel();
    obeySettings(settings, model);
    if (registry) {
      void followSettings(registry, settings);
    }
    const sections = new SectionsModel<ISection>();
    sections.add({
      id: 'runs',
      label: trans.__('Runs'),
      rank: 0,
      create: async () => {
        const { RunsSection } = await import('../widgets/runs');
        return new RunsSection(model, app.commands, trans);
      }
    });
    sections.stateChanged.connect(() => {
      // Hidden runs are not asked for before their section knows it is hidden.
      model.runs.isShown = sections.current?.id === 'runs';
    });
    const panel = new MlopsPanel(model, sections, trans);
    app.shell.add(panel, 'left', { rank: RANK, type: 'Experiments' });
    restorer?.add(panel, panel.id);
    if (notebooks) {
      followNotebooks(notebooks, model);
    }
    if (state) {
      void keepColumns(state, model.table);
      void keepSection(state, sections);
    }
    return {
      model,
      sections,
      settings,
      additions: model.additions,
      addColumn: column => model.additions.addColumn(column),
      addAction: action => addAction(app, model.table, action)
    };
  }
};
