/**
 * What stands in a cell of the runs table, by column.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRun } from '../api/wire';
import type { IRunColumn } from '../models/additions';
import { CURVES, splitColumn } from '../models/columns';
import { Spark } from './Spark';
import { formatAgo, formatNumber, formatSeconds, formatValue } from './format';

const BADGE = 'mlops.';

/** What a column is called above it. */
export function columnTitle(column: string, trans: TranslationBundle): string {
  const [noun, key] = splitColumn(column);
  const titles: { [noun: string]: string } = {
    name: trans.__('Run'),
    started: trans.__('Started'),
    seconds: trans.__('Duration'),
    experiment: trans.__('Experiment'),
    kind: trans.__('Kind')
  };
  if (column.startsWith(CURVES)) {
    return trans.__('%1 curve', key);
  }
  return key ? key.replace(BADGE, '') : (titles[noun] ?? noun);
}

/** Whether a column's values line up on the right. */
export function isNumeric(column: string): boolean {
  return column.startsWith('metrics.') || column === 'seconds';
}

/** The text of a cell; empty when the run has nothing there. */
export function cellText(
  run: IRun,
  column: string,
  trans: TranslationBundle
): string {
  const [noun, key] = splitColumn(column);
  switch (noun) {
    case 'metrics': {
      const value = run.metrics[key];
      return value === undefined ? '' : formatNumber(value);
    }
    case 'params':
      return formatValue(run.params[key]);
    case 'tags':
      return key.startsWith(BADGE)
        ? (run.badges[key.slice(BADGE.length)] ?? '')
        : (run.tags[key] ?? '');
    case 'started':
      return formatAgo(run.started, trans);
    case 'seconds':
      return run.seconds === null ? '' : formatSeconds(run.seconds);
    default:
      return String(run[noun as 'experiment' | 'kind'] ?? '');
  }
}

/** What is said when the pointer rests on a cell. */
export function cellHint(run: IRun, column: string): string {
  const [noun, key] = splitColumn(column);
  if (noun === 'metrics') {
    return run.metrics[key] === undefined ? '' : String(run.metrics[key]);
  }
  if (noun === 'started') {
    return new Date(run.started).toLocaleString();
  }
  return '';
}

/** What another extension says; its faults stay its own. */
function addedText(column: IRunColumn, run: IRun): string {
  try {
    return String(column.text(run));
  } catch {
    return '';
  }
}

/** A value of a run. */
export function Cell(props: {
  run: IRun;
  column: string;
  added?: IRunColumn;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { run, column, added, trans } = props;
  if (column.startsWith(CURVES)) {
    const metric = column.slice(CURVES.length);
    return <Spark run={run} metric={metric} trans={trans} />;
  }
  const text = added ? addedText(added, run) : cellText(run, column, trans);
  const isBadge = column.startsWith(`tags.${BADGE}`);
  return isBadge && text ? (
    <span className="jp-Mlops-badge" data-word={text}>
      {text}
    </span>
  ) : (
    <>{text}</>
  );
}
