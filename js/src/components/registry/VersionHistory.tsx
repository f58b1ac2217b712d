/**
 * Everything that happened to a model: who, when and why, latest first.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IModelEvent } from '../../api/registry';
import { formatAgo } from '../format';
import { GateAnswers } from './GateAnswers';
import { eventWords, whoWords } from './words';

const DIGEST = 8;
const TOLD = ['alias_set', 'refused', 'gated'];

export function VersionHistory(props: {
  events: readonly IModelEvent[];
  onRun: (run: string) => void;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { trans } = props;
  return (
    <ol className="jp-Mlops-history" aria-label={trans.__('History')} reversed>
      {[...props.events].reverse().map(event => (
        <li key={event.number} data-kind={event.kind}>
          <div className="jp-Mlops-eventHead">
            <span className={event.forced ? 'jp-mod-forced' : ''}>
              {eventWords(event, trans)}
            </span>
            <time
              dateTime={event.time}
              title={new Date(event.time).toLocaleString()}
            >
              {formatAgo(event.time, trans)}
            </time>
          </div>
          <div className="jp-Mlops-eventWho">
            {event.by && whoWords(event.by, event.by_source, trans)}
            {event.entered_by &&
              `, ${trans.__('entered by %1', event.entered_by)}`}{' '}
            <code title={trans.__('Link %1 of the chain', event.digest)}>
              {event.digest.slice(0, DIGEST)}
            </code>
          </div>
          {(event.reason ?? event.note) && (
            <blockquote>{event.reason ?? event.note}</blockquote>
          )}
          {TOLD.includes(event.kind) && event.gates.length > 0 && (
            <details
              className="jp-Mlops-versionFold"
              open={event.kind === 'refused'}
            >
              <summary>
                {trans._n('%1 gate', '%1 gates', event.gates.length)}
              </summary>
              <GateAnswers
                answers={event.gates}
                label={trans.__("Gates' answers then")}
                onRun={props.onRun}
                trans={trans}
              />
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}
