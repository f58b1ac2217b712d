/**
 * Brings the user's settings to the models, now and whenever they change.
 */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';

import type { PanelModel } from '../models/panel';
import type { SettingsModel } from '../models/settings';

const ID = 'jupyter-mlops:commands';

/** Read the settings; nobody waits for them. */
export async function followSettings(
  registry: ISettingRegistry,
  settings: SettingsModel
): Promise<void> {
  const found = await registry.load(ID);
  found.changed.connect(() => settings.take(found.composite));
  settings.take(found.composite);
}

/** Let the panel be as it is set. */
export function obeySettings(settings: SettingsModel, model: PanelModel): void {
  settings.stateChanged.connect(() => {
    const { columns, metric, groupBy, liveUpdates } = settings.values;
    model.table.setDefaults(columns, metric);
    model.isLive = liveUpdates;
    if (groupBy !== model.runs.question.groupBy) {
      void model.runs.ask({ groupBy, metric: model.table.metric });
    }
  });
}
