/**
 * What one can do, by name: in the palette, in menus, with keys.
 */
export namespace CommandIDs {
  /** Show the panel. */
  export const showPanel = 'jupyter-mlops:show-panel';
  /** Show a section of the panel: args `section`. */
  export const showSection = 'jupyter-mlops:show-section';
  /** Go to the cell that a run recorded: args `run`. */
  export const goToCell = 'jupyter-mlops:go-to-cell';
  /** Show the panel's section of models. */
  export const showModels = 'jupyter-mlops:show-models';
  /** Open a registered model: args `model`, `version`, `workspace`. */
  export const openModel = 'jupyter-mlops:open-model';
  /** Open a run: args `run`. */
  export const openRun = 'jupyter-mlops:open-run';
  /** Go to the cell of the run in a tab: args `run`, `workspace`. */
  export const showRunCell = 'jupyter-mlops:show-run-cell';
  /** Save a run's recipe as a notebook, and open it: args `run`, `workspace`. */
  export const openRecipe = 'jupyter-mlops:open-recipe';
  /** Do a run again with other values: args `run`, `workspace`. */
  export const runAgain = 'jupyter-mlops:run-again';
  /** Verify a run: args `run`, `workspace`. */
  export const verifyRun = 'jupyter-mlops:verify-run';
  /** Insert code that loads what a run keeps: args `run`, `workspace`, `artifact`. */
  export const insertLoading = 'jupyter-mlops:insert-loading-code';
  /** Push a run's model to the registry: args `run`, `workspace`. */
  export const pushModel = 'jupyter-mlops:push-model';
  /** Interrupt what does a run: args `run`, `workspace`. */
  export const cancelRun = 'jupyter-mlops:cancel-run';
  /** Archive a run, or bring it back: args `run`, `workspace`. */
  export const archiveRun = 'jupyter-mlops:archive-run';
  /** Open the last run of the selected cell. */
  export const openCellRun = 'jupyter-mlops:open-cell-run';
  /** Put `%%track` above the selected cell, or take it off. */
  export const trackCell = 'jupyter-mlops:track-cell';
  /** Compare runs: args `runs`, `workspace`, `baseline`; without them those picked. */
  export const compareRuns = 'jupyter-mlops:compare-runs';
  /** Copy a run's id: args `run`. */
  export const copyRunId = 'jupyter-mlops:copy-run-id';
  /** Show a column or hide it: args `column`. */
  export const toggleColumn = 'jupyter-mlops:toggle-column';
  /** Open a run that is being recorded: args `run`, `workspace`, `name`. */
  export const openRecorded = 'jupyter-mlops:open-recorded';
  /** List archived runs, too, or no longer. */
  export const showArchived = 'jupyter-mlops:show-archived';
  /** Keep runs of one experiment or parent together: args `by`. */
  export const groupRuns = 'jupyter-mlops:group-runs';
  /** Let the columns be chosen by what tells most. */
  export const resetColumns = 'jupyter-mlops:reset-columns';
  /** Open a pipeline, a run while it goes on, or a sweep: args `view`, `target`, `workspace`. */
  export const openBatch = 'jupyter-mlops:open-batch';
  /** Run a notebook in the background: args `path`, else the one in front. */
  export const runInBatch = 'jupyter-mlops:run-in-batch';
  /** Run a notebook over many values: args `path`, else the one in front. */
  export const sweepNotebook = 'jupyter-mlops:sweep-notebook';
}
