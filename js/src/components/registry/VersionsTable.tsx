/**
 * A model's versions, latest first; one is looked at, two may be compared.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IVersion } from '../../api/registry';
import { formatAgo, formatNumber } from '../format';
import { moved } from '../keys';
import { Standing } from './signs';
import { formatBytes } from '../bytes';
import { commonMetrics, kindOf } from './words';

const MOST_METRICS = 4;
const PAGE = 10;

export interface IVersionsTableProps {
  versions: readonly IVersion[];
  current: number;
  picked: readonly number[];
  onChoose: (version: number) => void;
  onPick: (version: number) => void;
  trans: TranslationBundle;
}

export function VersionsTable(props: IVersionsTableProps): React.JSX.Element {
  const { versions, trans } = props;
  const metrics = commonMetrics(versions, MOST_METRICS);
  return (
    <div className="jp-Mlops-versionsView" tabIndex={-1}>
      <table aria-label={trans.__('Versions')} onKeyDown={moveFocus}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Version')}</th>
            <th scope="col">{trans.__('Compare')}</th>
            <th scope="col">{trans.__('Standing')}</th>
            {metrics.map(key => (
              <th scope="col" className="jp-mod-numeric" key={key}>
                {key}
              </th>
            ))}
            <th scope="col">{trans.__('Kind')}</th>
            <th scope="col" className="jp-mod-numeric">
              {trans.__('Size')}
            </th>
            <th scope="col">{trans.__('Registered')}</th>
          </tr>
        </thead>
        <tbody>
          {versions.map(one => (
            <Row {...props} version={one} metrics={metrics} key={one.version} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(
  props: IVersionsTableProps & { version: IVersion; metrics: string[] }
): React.JSX.Element {
  const { version, trans } = props;
  const number = version.version;
  const isCurrent = number === props.current;
  return (
    <tr
      aria-current={isCurrent}
      data-version={number}
      className={version.archived ? 'jp-mod-archived' : ''}
      onClick={() => props.onChoose(number)}
    >
      <th scope="row">
        <button
          className="jp-Mlops-versionNumber"
          aria-pressed={isCurrent}
          aria-label={trans.__('Version %1', number)}
          tabIndex={isCurrent ? 0 : -1}
          onFocus={() => props.onChoose(number)}
        >
          {number}
        </button>
      </th>
      <td className="jp-Mlops-versionPick">
        <input
          type="checkbox"
          aria-label={trans.__('Compare version %1', number)}
          checked={props.picked.includes(number)}
          onClick={event => event.stopPropagation()}
          onChange={() => props.onPick(number)}
        />
      </td>
      <td>
        <Standing version={version} trans={trans} />
      </td>
      {props.metrics.map(key => (
        <td className="jp-mod-numeric" key={key}>
          {version.metrics[key] === undefined
            ? ''
            : formatNumber(version.metrics[key])}
        </td>
      ))}
      <td title={version.class_name || version.flavor}>{kindOf(version)}</td>
      <td className="jp-mod-numeric">{formatBytes(version.size)}</td>
      <td
        className="jp-Mlops-versionWho"
        title={`${new Date(version.registered).toLocaleString()}, ${version.by}`}
      >
        {formatAgo(version.registered, trans)}, {version.by}
      </td>
    </tr>
  );
}

/** Arrows go from version to version. */
function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const rows = [
    ...event.currentTarget.querySelectorAll<HTMLButtonElement>(
      '.jp-Mlops-versionNumber'
    )
  ];
  const place = rows.indexOf(document.activeElement as HTMLButtonElement);
  const wanted = moved(event.key, place, rows.length, PAGE);
  if (wanted !== null && place >= 0) {
    event.preventDefault();
    rows[wanted]?.focus();
  }
}
