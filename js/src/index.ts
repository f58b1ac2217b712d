/**
 * The sidebar of jupyter_mlops: runs, batch notebooks and models in JupyterLab.
 */
import { batchPlugin } from './plugins/batch';
import { commandsPlugin } from './plugins/commands';
import { comparePlugin } from './plugins/compare';
import { marksPlugin } from './plugins/marks';
import { panelPlugin } from './plugins/panel';
import { registryPlugin } from './plugins/registry';
import { recordingPlugin } from './plugins/recording';
import { runPlugin } from './plugins/run';

export { IMlops } from './tokens';
export type { IRunAction, IRunColumn, ISection } from './tokens';

export default [
  panelPlugin,
  batchPlugin,
  commandsPlugin,
  comparePlugin,
  marksPlugin,
  runPlugin,
  registryPlugin,
  recordingPlugin
];
