/**
 * States of jobs, steps and points as signs and words.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IJob, PointState, StepState } from '../api/batchwire';
import type { IRun, RunStatus } from '../api/wire';
import { RunStatusSign } from './RunStatus';

type Word = StepState | PointState | IJob['state'];

/** A state in the user's language. */
export function stateWord(state: Word, trans: TranslationBundle): string {
  const words: { [state in Word]: string } = {
    cached: trans.__('up to date'),
    runs: trans.__('would run'),
    'may run': trans.__('may run'),
    finished: trans.__('finished'),
    failed: trans.__('failed'),
    cancelled: trans.__('cancelled'),
    skipped: trans.__('skipped'),
    'not run': trans.__('not run'),
    running: trans.__('running'),
    waiting: trans.__('waiting'),
    lost: trans.__('lost'),
    pruned: trans.__('stopped early'),
    starting: trans.__('starting'),
    stopping: trans.__('stopping')
  };
  return words[state];
}

const DOTS: readonly Word[] = [
  'runs',
  'may run',
  'waiting',
  'not run',
  'skipped'
];
const SIGNS: { [state: string]: RunStatus } = {
  cached: 'finished',
  starting: 'running',
  stopping: 'running',
  pruned: 'cancelled'
};

/** A state's sign: those of runs, and an empty ring for what is still to come. */
export function StateSign(props: {
  state: Word;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { state, trans } = props;
  if (!DOTS.includes(state)) {
    const status = SIGNS[state] ?? (state as RunStatus);
    return <RunStatusSign status={status} trans={trans} />;
  }
  const word = stateWord(state, trans);
  return (
    <svg
      className="jp-Mlops-status jp-mod-open"
      viewBox="0 0 16 16"
      role="img"
      aria-label={word}
    >
      <title>{word}</title>
      <circle cx="8" cy="8" r="3.6" />
    </svg>
  );
}

/** What kind of batch work a run is. */
export function kindWord(
  run: IRun | null,
  job: IJob | null,
  trans: TranslationBundle
): string {
  const isParent =
    run === null ? job?.kind === 'pipeline' : run.kind === 'parent';
  const isSweep = isParent && run?.notebook !== null && run !== null;
  if (isSweep || job?.kind === 'sweep') {
    return trans.__('sweep');
  }
  if (job?.kind === 'resume') {
    return trans.__('resumed');
  }
  return isParent ? trans.__('pipeline') : trans.__('notebook');
}

/** What the server refused, with a way to let go of it. */
export function Refusal(props: {
  sentence: string;
  onDismiss: () => void;
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { sentence, trans } = props;
  return sentence ? (
    <div className="jp-Mlops-refusal" role="alert">
      <span>{sentence}</span>
      <button
        type="button"
        className="jp-Mlops-plain"
        onClick={props.onDismiss}
        aria-label={trans.__('Dismiss')}
        title={trans.__('Dismiss')}
      >
        ×
      </button>
    </div>
  ) : null;
}
