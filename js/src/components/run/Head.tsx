/**
 * The head of a run's view: which run it is, how it ended, what is said of it.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRunDetails } from '../../api/rundetails';
import type { IRun } from '../../api/wire';
import { formatAgo, formatSeconds } from '../format';
import { RunStatusSign, statusWord } from '../RunStatus';
import { Findings } from './Findings';
import { Words } from './Words';
import type { Say } from './Words';

export interface IHeadProps {
  details: IRunDetails;
  say: Say;
  onCell: () => void;
  onRun: (run: IRun) => void;
  trans: TranslationBundle;
}

export function Head(props: IHeadProps): React.JSX.Element {
  const { details, trans } = props;
  const { run } = details;
  return (
    <div className="jp-Mlops-runHead">
      <h1>
        <RunStatusSign status={run.status} trans={trans} />
        {run.name}
        {details.is_archived && (
          <span className="jp-Mlops-aside">{trans.__('archived')}</span>
        )}
      </h1>
      <Line {...props} />
      {run.error && <Failure {...props} />}
      {details.models.map((line, at) => (
        <div key={at} className="jp-Mlops-aside">
          {line}
        </div>
      ))}
      <Findings details={details} trans={trans} />
      <Words run={run} say={props.say} trans={trans} />
    </div>
  );
}

/** Where it belongs, when it was, how long it took. */
function Line(props: IHeadProps): React.JSX.Element {
  const { details, onCell, onRun, trans } = props;
  const { run, parent } = details;
  const kinds: { [kind: string]: string } = {
    cell: trans.__('cell'),
    notebook: trans.__('notebook'),
    step: trans.__('step'),
    script: trans.__('script'),
    parent: trans.__('group of runs')
  };
  const took =
    run.seconds === null
      ? statusWord(run.status, trans)
      : trans.__('took %1', formatSeconds(run.seconds));
  return (
    <p className="jp-Mlops-runLine">
      <span>{run.experiment}</span>
      <span>
        {kinds[run.kind] ?? run.kind}
        {run.notebook && (
          <>
            {' '}
            <button className="jp-Mlops-link" onClick={onCell}>
              {run.notebook.split('/').pop()}
            </button>
          </>
        )}
      </span>
      {parent && (
        <span>
          {trans.__('within')}{' '}
          <button className="jp-Mlops-link" onClick={() => onRun(parent)}>
            {parent.name}
          </button>
        </span>
      )}
      <time
        dateTime={run.started}
        title={new Date(run.started).toLocaleString()}
      >
        {formatAgo(run.started, trans)}
      </time>
      <span>{took}</span>
      <code title={trans.__('Run ID')}>{run.run_id}</code>
    </p>
  );
}

/** What ended it. */
function Failure(props: IHeadProps): React.JSX.Element | null {
  const { run, traceback } = props.details;
  if (run.error === null) {
    return null;
  }
  const said = `${run.error.name}: ${run.error.value}`;
  if (!traceback) {
    return <div className="jp-Mlops-failure">{said}</div>;
  }
  return (
    <details className="jp-Mlops-failure">
      <summary>{said}</summary>
      <pre tabIndex={0}>{plainText(traceback)}</pre>
    </details>
  );
}

/** A terminal's text without its colours. */
function plainText(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}
