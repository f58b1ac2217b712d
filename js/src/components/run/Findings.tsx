/**
 * How far a run can be trusted: its stamp, and what came of doing it again.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRunDetails, IVerdict } from '../../api/rundetails';

export function Findings(props: {
  details: IRunDetails;
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { details, trans } = props;
  const { stamp, verdict } = details;
  if (!stamp.line && verdict === null) {
    return null;
  }
  return (
    <div className="jp-Mlops-findings">
      {verdict && <Verdict verdict={verdict} trans={trans} />}
      {stamp.line && (
        <Finding word="stamp" line={stamp.line} reasons={stamp.reasons} />
      )}
    </div>
  );
}

function Verdict(props: {
  verdict: IVerdict;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { verdict, trans } = props;
  const lines: { [word: string]: string } = {
    reproduced: trans.__('Verified: done again, all of it came out alike'),
    failed: trans.__('Verified: %1', verdict.summary),
    differs: trans.__('Verified: %1', verdict.summary)
  };
  return (
    <Finding
      word={verdict.word}
      line={lines[verdict.word] ?? verdict.summary}
      reasons={[
        ...verdict.differences,
        ...verdict.hints.map(hint => trans.__('Beware: %1', hint))
      ]}
    />
  );
}

function Finding(props: {
  word: string;
  line: string;
  reasons: string[];
}): React.JSX.Element {
  const { word, line, reasons } = props;
  const head = (
    <>
      <span className="jp-Mlops-sign" data-word={word} aria-hidden="true">
        {SIGNS[word] ?? '!'}
      </span>
      {line}
    </>
  );
  if (reasons.length === 0) {
    return (
      <div className="jp-Mlops-finding" data-word={word}>
        {head}
      </div>
    );
  }
  return (
    <details className="jp-Mlops-finding" data-word={word}>
      <summary>{head}</summary>
      <ul>
        {reasons.map((reason, at) => (
          <li key={at}>{reason}</li>
        ))}
      </ul>
    </details>
  );
}

const SIGNS: { [word: string]: string } = {
  reproduced: '✓',
  differs: '≠',
  failed: '✗'
};
