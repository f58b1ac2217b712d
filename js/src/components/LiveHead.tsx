/**
 * What stands above a notebook that runs: how far it is, for how long still, and what
 * can be done.
 */
import * as React from 'react';
import { Button } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { LiveModel } from '../models/live';
import { Refusal, StateSign, stateWord } from './batchwords';
import { CancelWork } from './CancelWork';
import { formatNumber, formatSeconds } from './format';
import { ResumeWork } from './ResumeWork';

const TICK = 500;
const METRICS = 4;

export interface ILiveActions {
  openNotebook: (path: string) => void;
  resume: () => void;
  attach: () => void;
  follow: (value: boolean) => void;
}

export function LiveHead(props: {
  model: LiveModel;
  actions: ILiveActions;
  isFollowing: boolean;
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { actions, model, trans } = props;
  const { job, live } = model;
  useTicks(model.isRunning);
  if (live === null) {
    return (
      <Refusal
        sentence={model.problem}
        onDismiss={() => void model.refresh()}
        trans={trans}
      />
    );
  }
  const { notebook, progress } = live;
  const state = model.isRunning && job ? job.state : live.status;
  return (
    <>
      <div className="jp-Mlops-workHead" role="toolbar" aria-label={live.name}>
        <h2>{live.name}</h2>
        <span className="jp-Mlops-headState" role="status">
          <StateSign state={state} trans={trans} />
          {stateWord(state, trans)}
        </span>
        <Far model={model} trans={trans} />
        <span className="jp-Mlops-fill" />
        {model.isRunning && (
          <label className="jp-Mlops-follow">
            <input
              type="checkbox"
              checked={props.isFollowing}
              onChange={event => actions.follow(event.target.checked)}
            />
            {trans.__('Follow')}
          </label>
        )}
        {(job !== null || model.isRunning) && (
          <CancelWork job={job} onCancel={() => model.cancel()} trans={trans} />
        )}
        {model.isResumable && !job && (
          <ResumeWork
            title={trans.__(
              'Read the notebook anew and go on from the cell that failed or changed'
            )}
            onClick={actions.resume}
            trans={trans}
          />
        )}
        {live.is_attachable && (
          <Button
            small
            title={trans.__('Open the notebook on the state that it failed in')}
            onClick={actions.attach}
          >
            {trans.__('Attach')}
          </Button>
        )}
        {notebook !== null && (
          <Button small onClick={() => actions.openNotebook(notebook)}>
            {trans.__('Open notebook')}
          </Button>
        )}
      </div>
      {progress.planned > 0 && model.isRunning && (
        <progress
          className="jp-Mlops-far"
          value={progress.done / progress.planned}
          aria-label={trans.__('Cells done')}
        />
      )}
      <Refusal
        sentence={model.refusal || model.problem}
        onDismiss={() => model.dismiss()}
        trans={trans}
      />
    </>
  );
}

/** Cells done, time passed, time left, last metrics. */
function Far(props: {
  model: LiveModel;
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { model, trans } = props;
  const { live } = model;
  if (live === null) {
    return null;
  }
  const { done, left, planned } = live.progress;
  const metrics = Object.entries(live.metrics).slice(0, METRICS);
  return (
    <span className="jp-Mlops-headFacts">
      <span>
        {planned
          ? trans.__('%1 of %2 cells', done, planned)
          : trans._n('%1 cell', '%1 cells', done)}
      </span>
      <span className="jp-Mlops-clock">{formatSeconds(model.seconds)}</span>
      {left !== null && model.isRunning && (
        <span>{trans.__('about %1 left', formatSeconds(left))}</span>
      )}
      {metrics.map(([key, value]) => (
        <span key={key}>{`${key} ${formatNumber(value)}`}</span>
      ))}
    </span>
  );
}

/** Draw anew twice a second while something runs. */
function useTicks(isRunning: boolean): void {
  const [, tick] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    if (!isRunning) {
      return;
    }
    const timer = setInterval(tick, TICK);
    return () => clearInterval(timer);
  }, [isRunning]);
}
