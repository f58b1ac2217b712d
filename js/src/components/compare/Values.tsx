/**
 * What differs, a row a value and a column a run; what is equal, folded.
 */
import * as React from 'react';
import { Button, closeIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import { NOUNS } from '../../api/compare';
import type { IComparison, Noun } from '../../api/compare';
import type { IRun, JsonValue } from '../../api/wire';
import { differingRows, equalValues } from '../../models/comparedrows';
import type { IComparedRow, IComparedValue } from '../../models/comparedrows';
import type { ComparisonModel } from '../../models/comparison';
import { formatAgo, formatNumber, formatValue } from '../format';
import { RunStatusSign } from '../RunStatus';
import { Section } from './Section';

const FOLDED_ROWS = 60;

export interface IValuesProps {
  model: ComparisonModel;
  comparison: IComparison;
  onOpen: (run: IRun) => void;
  trans: TranslationBundle;
}

export function Values(props: IValuesProps): React.JSX.Element {
  const { comparison, model, trans } = props;
  const { baseline } = model;
  const [isWhole, setWhole] = React.useState(false);
  const rows = NOUNS.flatMap(noun => differingRows(comparison, noun, baseline));
  const shown = isWhole ? rows : rows.slice(0, FOLDED_ROWS);
  const equal = NOUNS.reduce((n, noun) => n + comparison.equal[noun].length, 0);
  return (
    <>
      <div
        className="jp-Mlops-scroll"
        tabIndex={0}
        role="group"
        aria-label={trans.__('What differs')}
      >
        <table className="jp-Mlops-compareTable">
          <thead>
            <tr>
              <td />
              {comparison.runs.map(run => (
                <Head key={run.run_id} run={run} {...props} />
              ))}
            </tr>
          </thead>
          {NOUNS.map(noun => (
            <Group
              key={noun}
              noun={noun}
              rows={shown.filter(row => row.noun === noun)}
              runs={comparison.runs}
              trans={trans}
            />
          ))}
        </table>
      </div>
      {rows.length === 0 && (
        <p>{trans.__('No param, metric or tag differs.')}</p>
      )}
      {shown.length < rows.length && (
        <Button small minimal onClick={() => setWhole(true)}>
          {trans.__('Show all %1 rows', rows.length)}
        </Button>
      )}
      {equal > 0 && (
        <Section
          title={trans._n('%1 equal value', '%1 equal values', equal)}
          isFolded
        >
          <Equal comparison={comparison} trans={trans} />
        </Section>
      )}
    </>
  );
}

/** A run above its column. */
function Head(props: IValuesProps & { run: IRun }): React.JSX.Element {
  const { run, model, trans } = props;
  const isBaseline = model.baseline === run;
  return (
    <th
      scope="col"
      className={model.pointed === run.run_id ? 'jp-mod-pointed' : undefined}
      data-run={run.run_id}
    >
      <div className="jp-Mlops-comparedRun">
        <RunStatusSign status={run.status} trans={trans} />
        <button
          type="button"
          title={trans.__('Open %1', run.name)}
          onClick={() => props.onOpen(run)}
        >
          {run.name}
        </button>
        {model.runs.length > 2 && (
          <Button
            minimal
            small
            title={trans.__('Compare without %1', run.name)}
            aria-label={trans.__('Compare without %1', run.name)}
            onClick={() => model.leaveOut(run.run_id)}
          >
            <closeIcon.react tag="span" />
          </Button>
        )}
      </div>
      <div className="jp-Mlops-comparedNote">
        {isBaseline ? trans.__('baseline') : formatAgo(run.started, trans)}
      </div>
    </th>
  );
}

function Group(props: {
  noun: Noun;
  rows: IComparedRow[];
  runs: readonly IRun[];
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { noun, rows, runs, trans } = props;
  if (rows.length === 0) {
    return null;
  }
  return (
    <tbody>
      <tr className="jp-Mlops-comparedNoun">
        <th scope="rowgroup" colSpan={runs.length + 1}>
          <span>{nounTitle(noun, trans)}</span>
        </th>
      </tr>
      {rows.map(row => (
        <tr key={row.name} data-name={`${noun}.${row.name}`}>
          <th scope="row" title={row.name}>
            {row.name}
          </th>
          {row.values.map((value, at) => (
            <td
              key={runs[at]?.run_id}
              className={value.isBest ? 'jp-mod-best' : undefined}
            >
              <Value value={value} trans={trans} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function Value(props: {
  value: IComparedValue;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { value, trans } = props;
  if (value.value === undefined) {
    return (
      <span
        className="jp-Mlops-compareNone"
        title={trans.__('This run has none')}
      >
        –
      </span>
    );
  }
  return (
    <>
      {value.isBest && (
        <span
          className="jp-Mlops-best"
          role="img"
          aria-label={trans.__('best')}
          title={trans.__('The best of these runs')}
        >
          ★
        </span>
      )}
      <span title={hint(value.value)}>{formatValue(value.value)}</span>
      {!Number.isNaN(value.change) && <Change value={value} trans={trans} />}
    </>
  );
}

/** How far from the baseline; which way is better is said by a word, too. */
function Change(props: {
  value: IComparedValue;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { change, share, isBetter } = props.value;
  const { trans } = props;
  const word =
    isBetter === null
      ? trans.__('as the baseline')
      : isBetter
        ? trans.__('better than the baseline')
        : trans.__('worse than the baseline');
  const kind = isBetter === null ? 'same' : isBetter ? 'better' : 'worse';
  return (
    <span className={`jp-Mlops-change jp-mod-${kind}`} title={word}>
      {signed(change)}
      {Number.isFinite(share) && share !== 0 && ` (${percent(share)})`}
      <span className="jp-Mlops-unseen">{word}</span>
    </span>
  );
}

function Equal(props: {
  comparison: IComparison;
  trans: TranslationBundle;
}): React.JSX.Element {
  return (
    <table className="jp-Mlops-equal">
      {NOUNS.map(noun => (
        <tbody key={noun}>
          {equalValues(props.comparison, noun).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{formatValue(value)}</td>
              <td className="jp-Mlops-quiet">{nounTitle(noun, props.trans)}</td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

export function nounTitle(noun: Noun, trans: TranslationBundle): string {
  return {
    params: trans.__('Params'),
    metrics: trans.__('Metrics'),
    tags: trans.__('Tags'),
    badges: trans.__('Verified and stamped')
  }[noun];
}

function hint(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function signed(value: number): string {
  const text = formatNumber(value);
  return value > 0 ? `+${text}` : text.replace('-', '−');
}

function percent(share: number): string {
  const digits = Math.abs(share) < 0.1 ? 1 : 0;
  return `${signed(Number((share * 100).toFixed(digits)))} %`;
}
