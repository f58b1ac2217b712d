/**
 * Params, metrics, files, artifacts, children and surroundings of a run.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IFile, IRunDetails, ISummary } from '../../api/rundetails';
import type { IRun, JsonValue } from '../../api/wire';
import { formatBytes } from '../bytes';
import { formatNumber, formatSeconds, formatValue } from '../format';
import { RunStatusSign } from '../RunStatus';
import { Facts } from './Section';

const DIGEST = 12;

/** Params by name. */
export function Params(props: {
  params: { [key: string]: JsonValue };
}): React.JSX.Element {
  const names = Object.keys(props.params).sort();
  return (
    <Facts rows={names.map(name => [name, formatValue(props.params[name])])} />
  );
}

/** Each metric's series in a few numbers. */
export function Metrics(props: {
  summaries: { [key: string]: ISummary };
  trans: TranslationBundle;
}): React.JSX.Element {
  const { summaries, trans } = props;
  const hasSeries = Object.values(summaries).some(one => one.count > 1);
  return (
    <table className="jp-Mlops-table">
      <thead>
        <tr>
          <th scope="col">{trans.__('Metric')}</th>
          <th scope="col">{trans.__('Last')}</th>
          {hasSeries && <th scope="col">{trans.__('Least')}</th>}
          {hasSeries && <th scope="col">{trans.__('Greatest')}</th>}
          {hasSeries && <th scope="col">{trans.__('Points')}</th>}
        </tr>
      </thead>
      <tbody>
        {Object.entries(summaries).map(([key, one]) => (
          <tr key={key}>
            <th scope="row">{key}</th>
            <td title={String(one.last)}>{formatNumber(one.last)}</td>
            {hasSeries && <td>{formatNumber(one.min)}</td>}
            {hasSeries && <td>{formatNumber(one.max)}</td>}
            {hasSeries && <td>{one.count}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Files that were read or written, with their digests and versions. */
export function Files(props: {
  files: IFile[];
  onOpen: (place: string) => void;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { files, onOpen, trans } = props;
  const words: { [role: string]: string } = {
    read: trans.__('read'),
    written: trans.__('written')
  };
  return (
    <ul className="jp-Mlops-list">
      {files.map(file => (
        <li key={`${file.role} ${file.path}`}>
          <span className="jp-Mlops-main">
            {file.place === null ? (
              <span title={file.path}>{file.path}</span>
            ) : (
              <button
                className="jp-Mlops-link"
                title={file.path}
                onClick={() => onOpen(file.place!)}
              >
                {file.path}
              </button>
            )}
          </span>
          <span className="jp-Mlops-aside">
            {[
              words[file.role] ?? file.role,
              file.size === null ? '' : formatBytes(file.size)
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
          <code title={file.version ?? file.digest ?? undefined}>
            {file.version ?? file.digest?.slice(0, DIGEST) ?? ''}
          </code>
        </li>
      ))}
    </ul>
  );
}

/** The runs begun within this one. */
export function Children(props: {
  runs: IRun[];
  onOpen: (run: IRun) => void;
  trans: TranslationBundle;
}): React.JSX.Element {
  return (
    <ul className="jp-Mlops-list">
      {props.runs.map(run => (
        <li key={run.run_id}>
          <RunStatusSign status={run.status} trans={props.trans} />
          <span className="jp-Mlops-main">
            <button className="jp-Mlops-link" onClick={() => props.onOpen(run)}>
              {run.name}
            </button>
          </span>
          <span className="jp-Mlops-aside">
            {Object.entries(run.metrics)
              .slice(0, 2)
              .map(([key, value]) => `${key} ${formatNumber(value)}`)
              .join(', ')}
          </span>
          <span className="jp-Mlops-aside">
            {run.seconds === null ? '' : formatSeconds(run.seconds)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Where the run took place. */
export function Surroundings(props: {
  details: IRunDetails;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { environment } = props.details;
  const rows: [string, React.ReactNode][] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (name !== 'packages' && isTelling(value)) {
      rows.push([name, name === 'memory' ? memory(value) : words(value)]);
    }
  }
  const packages = environment.packages;
  return (
    <>
      <Facts rows={rows} />
      {packages !== undefined && isTelling(packages) && (
        <>
          <h3>{props.trans.__('Packages')}</h3>
          <Facts
            rows={Object.entries(packages as { [key: string]: JsonValue }).map(
              ([name, value]) => [name, words(value)]
            )}
          />
        </>
      )}
    </>
  );
}

/** Sizes in the units that people use. */
function memory(value: JsonValue): string {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value)
        .filter(([, size]) => typeof size === 'number')
        .map(([name, size]) => `${formatBytes(size as number)} ${name}`)
        .join(', ')
    : words(value);
}

function isTelling(value: JsonValue): boolean {
  return (
    value !== null &&
    value !== '' &&
    (typeof value !== 'object' || Object.keys(value).length > 0)
  );
}

/** Any value in one line. */
export function words(value: JsonValue | undefined): string {
  if (Array.isArray(value)) {
    return value.map(words).join(', ');
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([, inner]) => isTelling(inner))
      .map(([name, inner]) => `${name} ${words(inner)}`)
      .join(', ');
  }
  return formatValue(value);
}
