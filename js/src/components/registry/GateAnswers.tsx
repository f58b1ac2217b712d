/**
 * What gates said, and why.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IGateAnswer } from '../../api/registry';
import { GateSign } from './signs';

export interface IGateAnswersProps {
  answers: readonly IGateAnswer[];
  label: string;
  onRun: (run: string) => void;
  trans: TranslationBundle;
}

export function GateAnswers(props: IGateAnswersProps): React.JSX.Element {
  const { trans } = props;
  return (
    <ul className="jp-Mlops-gates" aria-label={props.label}>
      {props.answers.map(one => (
        <li key={one.gate} data-passed={one.passed}>
          <GateSign passed={one.passed} trans={trans} />
          <code>{one.gate}</code>
          <span className="jp-Mlops-gateDetail">
            {one.detail}
            {one.cached && ` (${trans.__('as asked before')})`}{' '}
            {one.run_id !== null && (
              <button
                className="jp-Mlops-link"
                onClick={() => props.onRun(one.run_id ?? '')}
              >
                {trans.__('Open its run')}
              </button>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
