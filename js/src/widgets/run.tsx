/**
 * The inside of a run's tab: loaded when the first run is shown.
 */
import * as React from 'react';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import { fetchBlob } from '../api/blobs';
import type { IArtifact } from '../api/rundetails';
import type { IRun } from '../api/wire';
import { RunCurves } from '../components/run/RunCurves';
import { RunView } from '../components/run/RunView';
import type { RunModel } from '../models/run';
import type { Renderers } from './renderers';

/** What the view asks its surroundings to do. */
export interface IRunDeeds {
  goToCell: () => void;
  openRun: (run: IRun) => void;
  openFile: (place: string) => void;
  insertCode: ((artifact: IArtifact) => void) | null;
}

/** A run, as React draws it. */
export class RunContent extends ReactWidget {
  constructor(
    private readonly _model: RunModel,
    private readonly _renderers: Renderers,
    private readonly _deeds: IRunDeeds,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-Mlops-runContent');
  }

  protected override render(): React.JSX.Element {
    const model = this._model;
    const fetch = (digest: string): Promise<Uint8Array> =>
      fetchBlob(model.client, model.workspace, digest);
    return (
      <UseSignal signal={model.stateChanged}>
        {() => (
          <RunView
            model={model}
            renderers={this._renderers}
            fetch={fetch}
            curves={(run, metrics) => (
              <RunCurves
                model={model}
                run={run}
                metrics={metrics}
                trans={this._trans}
              />
            )}
            onCell={this._deeds.goToCell}
            onRun={this._deeds.openRun}
            onFile={this._deeds.openFile}
            onInsert={this._deeds.insertCode}
            trans={this._trans}
          />
        )}
      </UseSignal>
    );
  }
}
