/**
 * A version at a glance: metrics, gates, what it takes, and what it is bound to.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IVersionDetails } from '../../api/registry';
import { formatAgo, formatNumber, formatValue } from '../format';
import { GateAnswers } from './GateAnswers';
import { formatBytes } from '../bytes';
import { signatureLines, whoWords } from './words';

const DIGEST = 12;

export interface IVersionOverviewProps {
  details: IVersionDetails;
  onRun: (run: string) => void;
  trans: TranslationBundle;
}

type Pair = [string, React.ReactNode];

export function VersionOverview(
  props: IVersionOverviewProps
): React.JSX.Element {
  const { details, trans } = props;
  const { version } = details;
  const signature = signatureLines(details.signature, trans);
  return (
    <div className="jp-Mlops-parts">
      {version.note && <blockquote>{version.note}</blockquote>}
      <Pairs title={trans.__('Made by')} pairs={origin(props)} />
      <Pairs
        title={trans.__('Metrics')}
        pairs={Object.entries(version.metrics)
          .sort()
          .map(([key, value]) => [key, formatNumber(value)])}
      />
      <Pairs
        title={trans.__('Params')}
        pairs={Object.entries(version.params)
          .sort()
          .map(([key, value]) => [key, formatValue(value)])}
      />
      {signature.length > 0 && (
        <section>
          <h3>{trans.__('Takes')}</h3>
          <ul className="jp-Mlops-columns">
            {signature.map(line => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      {details.gates.length > 0 && (
        <section>
          <h3>{trans.__('Gates')}</h3>
          <GateAnswers
            answers={details.gates}
            label={trans.__('Last answers of gates')}
            onRun={props.onRun}
            trans={trans}
          />
        </section>
      )}
      <Pairs title={trans.__('Approvals')} pairs={approvals(props)} />
      <Pairs
        title={trans.__('Data')}
        pairs={details.data.map(one => [
          one.name,
          <Bytes digest={one.digest} size={one.size} key={one.digest} />
        ])}
      />
      <Pairs
        title={trans.__('Files')}
        pairs={details.files.map(one => [
          one.path,
          <Bytes digest={one.digest} size={one.size} key={one.path} />
        ])}
      />
      {details.requirements && (
        <details className="jp-Mlops-versionFold">
          <summary>{trans.__('Packages')}</summary>
          <pre>{details.requirements}</pre>
        </details>
      )}
    </div>
  );
}

function Pairs(props: {
  title: string;
  pairs: Pair[];
}): React.JSX.Element | null {
  if (props.pairs.length === 0) {
    return null;
  }
  return (
    <section>
      <h3>{props.title}</h3>
      <dl className="jp-Mlops-pairs">
        {props.pairs.map(([name, value]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
      </dl>
    </section>
  );
}

function Bytes(props: {
  digest: string;
  size: number | null;
}): React.JSX.Element {
  return (
    <>
      <code title={props.digest}>{props.digest.slice(0, DIGEST)}</code>
      {props.size !== null && ` ${formatBytes(props.size)}`}
    </>
  );
}

function origin(props: IVersionOverviewProps): Pair[] {
  const { details, trans } = props;
  const { version, git } = details;
  const pairs: Pair[] = [
    [
      trans.__('registered'),
      `${formatAgo(version.registered, trans)}, ` +
        whoWords(version.by, version.by_source, trans)
    ]
  ];
  if (version.run_id !== null) {
    const run = version.run_id;
    pairs.push([
      trans.__('run'),
      details.run_name === null ? (
        trans.__('%1, not recorded here', run)
      ) : (
        <button className="jp-Mlops-link" onClick={() => props.onRun(run)}>
          {details.run_name}
        </button>
      )
    ]);
  }
  pairs.push([trans.__('kind'), version.class_name || version.flavor]);
  pairs.push([
    trans.__('digest'),
    <Bytes digest={version.digest} size={version.size} key="digest" />
  ]);
  if (git.commit) {
    const dirty = git.diff ? `, ${trans.__('with uncommitted changes')}` : '';
    const commit = formatValue(git.commit).slice(0, DIGEST);
    pairs.push([
      trans.__('git'),
      `${commit} ${formatValue(git.branch)}${dirty}`
    ]);
  }
  return pairs;
}

function approvals(props: IVersionOverviewProps): Pair[] {
  const { details, trans } = props;
  return details.approvals.map(one => [
    one.by,
    [
      one.alias ? trans.__('as %1', one.alias) : trans.__('for every alias'),
      formatAgo(one.time, trans),
      one.entered_by ? trans.__('entered by %1', one.entered_by) : '',
      one.reason ?? ''
    ]
      .filter(word => word !== '')
      .join(', ')
  ]);
}
