/**
 * Two versions side by side: metrics, params, and what they take.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IVersionDetails } from '../../api/registry';
import { toNumber } from '../../api/wire';
import { formatNumber, formatValue } from '../format';
import { formatBytes } from '../bytes';
import { changeOf, kindOf, signatureLines } from './words';

interface ILine {
  name: string;
  then: string;
  now: string;
  change?: string;
}

export function VersionCompare(props: {
  pair: readonly IVersionDetails[];
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { trans } = props;
  const [then, now] = props.pair;
  if (!then || !now) {
    return null;
  }
  return (
    <section
      className="jp-Mlops-compared"
      aria-label={trans.__('Two versions compared')}
    >
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{trans.__('Version %1', then.version.version)}</th>
            <th scope="col">{trans.__('Version %1', now.version.version)}</th>
            <th scope="col">{trans.__('Change')}</th>
          </tr>
        </thead>
        <Lines title={trans.__('Metrics')} lines={metricLines(then, now)} />
        <Lines title={trans.__('Params')} lines={paramLines(then, now)} />
        <Lines
          title={trans.__('Takes')}
          lines={signatureChanges(then, now, trans)}
        />
        <Lines title={trans.__('Otherwise')} lines={others(then, now, trans)} />
      </table>
    </section>
  );
}

function Lines(props: {
  title: string;
  lines: ILine[];
}): React.JSX.Element | null {
  if (props.lines.length === 0) {
    return null;
  }
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={4}>
          {props.title}
        </th>
      </tr>
      {props.lines.map(line => (
        <tr
          key={line.name}
          className={line.then === line.now ? '' : 'jp-mod-changed'}
        >
          <th scope="row">{line.name}</th>
          <td>{line.then}</td>
          <td>{line.now}</td>
          <td>{line.change ?? (line.then === line.now ? '' : '≠')}</td>
        </tr>
      ))}
    </tbody>
  );
}

function keysOf(one: object, two: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(two)])].sort();
}

/** The metrics of both, and how each changed. */
export function metricLines(
  then: IVersionDetails,
  now: IVersionDetails
): ILine[] {
  const [old, recent] = [then.version.metrics, now.version.metrics];
  return keysOf(old, recent).map(name => {
    const [a, b] = [old[name], recent[name]];
    const known = a !== undefined && b !== undefined;
    return {
      name,
      then: a === undefined ? '' : formatNumber(a),
      now: b === undefined ? '' : formatNumber(b),
      change: known ? changeOf(toNumber(a), toNumber(b)) : undefined
    };
  });
}

function paramLines(then: IVersionDetails, now: IVersionDetails): ILine[] {
  const [old, recent] = [then.version.params, now.version.params];
  return keysOf(old, recent).map(name => ({
    name,
    then: formatValue(old[name]),
    now: formatValue(recent[name])
  }));
}

/** The columns of both, by name. */
export function signatureChanges(
  then: IVersionDetails,
  now: IVersionDetails,
  trans: TranslationBundle
): ILine[] {
  const split = (details: IVersionDetails): { [name: string]: string } =>
    Object.fromEntries(
      signatureLines(details.signature, trans).map(line => {
        const at = line.indexOf(': ');
        return at < 0
          ? ['array', line]
          : [line.slice(0, at), line.slice(at + 2)];
      })
    );
  const [old, recent] = [split(then), split(now)];
  return keysOf(old, recent).map(name => ({
    name,
    then: old[name] ?? '',
    now: recent[name] ?? ''
  }));
}

function others(
  then: IVersionDetails,
  now: IVersionDetails,
  trans: TranslationBundle
): ILine[] {
  const data = ({ data: files }: IVersionDetails): string =>
    files.map(one => `${one.name} ${one.digest.slice(0, 8)}`).join(', ');
  return [
    {
      name: trans.__('kind'),
      then: kindOf(then.version),
      now: kindOf(now.version)
    },
    {
      name: trans.__('size'),
      then: formatBytes(then.version.size),
      now: formatBytes(now.version.size)
    },
    { name: trans.__('data'), then: data(then), now: data(now) }
  ].filter(line => line.then !== '' || line.now !== '');
}
