/**
 * A sweep in the main area: loaded when one is first opened.
 */
import * as React from 'react';

import { SweepView } from '../components/SweepView';
import { SweepModel } from '../models/sweep';
import type { IBatchPlace, IBatchView } from './batchplace';
import { LookWidget } from './lookwidget';

/** Its table and plot, while they grow. */
export class SweepPage extends LookWidget<SweepModel> {
  constructor(
    private readonly _place: IBatchPlace,
    view: IBatchView
  ) {
    super(new SweepModel(_place.client, view.workspace, view.target));
    this.addClass('jp-Mlops-page');
    this.addClass('jp-Mlops-sweep');
  }

  protected override render(): React.JSX.Element {
    const { workspace } = this.model;
    return (
      <SweepView
        model={this.model}
        trans={this._place.trans}
        onResume={() => void this._resume()}
        onOpen={point =>
          point.run_id !== null &&
          this._place.open({ view: 'live', target: point.run_id, workspace })
        }
      />
    );
  }

  private async _resume(): Promise<void> {
    const { workspace } = this.model;
    const target = await this.model.resume();
    if (target) {
      this._place.open({ view: 'sweep', target, workspace });
    }
  }
}
