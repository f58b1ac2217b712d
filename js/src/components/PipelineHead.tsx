/**
 * What stands above a pipeline's graph: how it stands, and what can be done.
 */
import * as React from 'react';
import { Button, runIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { PipelineModel } from '../models/pipeline';
import { Refusal, StateSign, stateWord } from './batchwords';
import { CancelWork } from './CancelWork';
import { formatAgo } from './format';
import { ResumeWork } from './ResumeWork';

export function PipelineHead(props: {
  model: PipelineModel;
  onForm: () => void;
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { model, trans } = props;
  const { job, pipeline } = model;
  if (pipeline === null) {
    return model.problem ? (
      <p className="jp-Mlops-refusal" role="alert">
        {model.problem}
      </p>
    ) : null;
  }
  const state = job?.state ?? pipeline.last?.status ?? 'not run';
  const when = pipeline.last ? formatAgo(pipeline.last.started, trans) : '';
  const isIdle = !model.isRunning;
  return (
    <>
      <div
        className="jp-Mlops-workHead"
        role="toolbar"
        aria-label={pipeline.name}
      >
        <h2>{pipeline.name}</h2>
        <span className="jp-Mlops-headState" role="status">
          <StateSign state={state} trans={trans} />
          {stateWord(state, trans)}
          {when && ` · ${when}`}
        </span>
        <span className="jp-Mlops-fill" />
        {model.isResumable && (
          <ResumeWork
            title={trans.__(
              'With the same parameters: what is left runs, from the cell that failed'
            )}
            onClick={() => void model.resume()}
            trans={trans}
          />
        )}
        {isIdle && (
          <>
            <Button small onClick={() => void model.run()}>
              <runIcon.react tag="span" elementSize="small" />
              {trans.__('Run')}
            </Button>
            <Button small onClick={props.onForm}>
              {trans.__('Run with parameters…')}
            </Button>
            <Button
              small
              title={trans.__('Run all steps, also those that are up to date')}
              onClick={() => void model.run({ force: true })}
            >
              {trans.__('Run all anew')}
            </Button>
          </>
        )}
        {model.isRunning && (
          <CancelWork job={job} onCancel={() => model.cancel()} trans={trans} />
        )}
      </div>
      <Refusal
        sentence={model.refusal || model.problem}
        onDismiss={() => model.dismiss()}
        trans={trans}
      />
    </>
  );
}
