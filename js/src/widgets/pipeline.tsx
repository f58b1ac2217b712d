/**
 * A pipeline as a graph, in the main area: loaded when one is first opened.
 */
import '@xyflow/react/dist/style.css';

import * as React from 'react';

import { PipelineGraph } from '../components/PipelineGraph';
import { PipelineHead } from '../components/PipelineHead';
import { PipelineStep } from '../components/PipelineStep';
import { PipelineModel } from '../models/pipeline';
import type { IBatchPlace, IBatchView } from './batchplace';
import { LookWidget } from './lookwidget';
import { askParameters } from './parameterform';

/** The graph, and the details of one step. */
export class PipelinePage extends LookWidget<PipelineModel> {
  constructor(
    private readonly _place: IBatchPlace,
    view: IBatchView
  ) {
    super(new PipelineModel(_place.client, view.workspace, view.target));
    this.addClass('jp-Mlops-page');
    this.addClass('jp-Mlops-pipeline');
  }

  protected override render(): React.JSX.Element {
    const { model } = this;
    const { trans } = this._place;
    const { pipeline, selected } = model;
    return (
      <>
        <PipelineHead
          model={model}
          onForm={() => void this._ask()}
          trans={trans}
        />
        {pipeline && (
          <div className="jp-Mlops-pipelineBody">
            <PipelineGraph
              steps={pipeline.steps}
              selected={selected?.name ?? ''}
              onSelect={name => model.select(name)}
              trans={trans}
            />
            {selected && (
              <PipelineStep
                model={model}
                step={selected}
                onNotebook={path => this._place.openFile(path)}
                onWatch={run =>
                  this._place.open({
                    view: 'live',
                    target: run,
                    workspace: model.workspace
                  })
                }
                trans={trans}
              />
            )}
          </div>
        )}
      </>
    );
  }

  private async _ask(): Promise<void> {
    const { model } = this;
    const title = this._place.trans.__('Run %1', model.pipeline?.name ?? '');
    const given = await askParameters(
      title,
      model.parameters,
      this._place.trans
    );
    if (given !== null) {
      await model.run({}, given);
    }
  }
}
