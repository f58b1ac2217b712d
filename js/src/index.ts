/**
 * The sidebar of jupyter_mlops: runs, batch notebooks and models in JupyterLab.
 */
import { commandsPlugin } from './plugins/commands';
import { comparePlugin } from './plugins/compare';
import { marksPlugin } from './plugins/marks';
import { panelPlugin } from './plugins/panel';
import { registryPlugin } from './plugins/registry';
import { runPlugin } from './plugins/run';

export { IMlops } from './tokens';

export default [
  panelPlugin,
  commandsPlugin,
  comparePlugin,
  marksPlugin,
  runPlugin,
  registryPlugin
];
