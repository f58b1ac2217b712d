/**
 * The state of a run as a sign: shape and colour, and a word for those who hear it.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { RunStatus } from '../api/wire';

const SHAPES: { [status in RunStatus]: React.JSX.Element } = {
  finished: <path d="M4.2 8.2 7 11l5-6" />,
  failed: <path d="m5 5 6 6m0-6-6 6" />,
  cancelled: <path d="M4.5 8h7" />,
  lost: (
    <>
      <path d="M8 4.2v4.6" />
      <path d="M8 11.4v.2" />
    </>
  ),
  running: <circle cx="8" cy="8" r="4.6" />
};

/** Write a state in the user's language. */
export function statusWord(
  status: RunStatus,
  trans: TranslationBundle
): string {
  const words = {
    finished: trans.__('finished'),
    failed: trans.__('failed'),
    cancelled: trans.__('cancelled'),
    lost: trans.__('lost: its process is gone'),
    running: trans.__('running')
  };
  return words[status];
}

/** The sign before a run's name. */
export function RunStatusSign(props: {
  status: RunStatus;
  trans: TranslationBundle;
}): React.JSX.Element {
  const word = statusWord(props.status, props.trans);
  return (
    <svg
      className={`jp-Mlops-status jp-mod-${props.status}`}
      viewBox="0 0 16 16"
      role="img"
      aria-label={word}
    >
      <title>{word}</title>
      {SHAPES[props.status]}
    </svg>
  );
}
