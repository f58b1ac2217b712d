/**
 * Runs by their params and metrics: parallel coordinates, and a scatter below.
 */
import * as React from 'react';
import { Button, HTMLSelect } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IComparison } from '../../api/compare';
import type { IRun } from '../../api/wire';
import { axisOf, columnValue } from '../../models/axes';
import type { IAxis, Scale } from '../../models/axes';
import { splitColumn } from '../../models/columns';
import type { ComparisonModel } from '../../models/comparison';
import {
  axisColumns,
  firstAxes,
  isWithin,
  narrowed
} from '../../models/parallel';
import type { Spans } from '../../models/parallel';
import { formatValue } from '../format';
import { Parallel } from './Parallel';
import { Scatter } from './Scatter';
import { Section } from './Section';

export interface IPlotsProps {
  model: ComparisonModel;
  comparison: IComparison;
  onOpen: (run: IRun) => void;
  trans: TranslationBundle;
}

export function Plots(props: IPlotsProps): React.JSX.Element | null {
  const { comparison, model, trans } = props;
  const { runs } = comparison;
  const columns = axisColumns(comparison);
  const metrics = columns.filter(one => one.startsWith('metrics.'));
  const [chosenMetric, chooseMetric] = React.useState('');
  const [chosenAcross, chooseAcross] = React.useState('');
  const [spans, setSpans] = React.useState<Spans>({});
  const [scales, setScales] = React.useState<{ [column: string]: Scale }>({});
  const metric = metrics.includes(chosenMetric) ? chosenMetric : metrics[0];
  const others = columns.filter(one => one !== metric);
  const lay = (column: string): IAxis => axisOf(column, runs, scales[column]);
  const across = others.includes(chosenAcross)
    ? chosenAcross
    : (others.find(one => lay(one).scale !== 'words') ?? others[0]);
  const axes = firstAxes(comparison, metric ?? '').map(lay);
  if (!metric || !across) {
    return null;
  }
  const turn = (column: string): void => {
    const axis = lay(column);
    const at = axis.scales.indexOf(axis.scale);
    const next = axis.scales[(at + 1) % axis.scales.length];
    setScales(next ? { ...scales, [column]: next } : scales);
    setSpans(narrowed(spans, column, [0, 1]));
  };
  const within = (run: IRun): boolean => isWithin(run, axes, spans);
  const shared = {
    runs,
    isWithin: within,
    pointed: model.pointed,
    onPoint: (runId: string) => model.point(runId),
    onOpen: props.onOpen,
    trans
  };
  const isNarrowed = Object.keys(spans).length > 0;
  return (
    <>
      <Section
        title={trans.__('Parallel coordinates')}
        note={isNarrowed ? countWithin(runs, within, trans) : undefined}
      >
        <div className="jp-Mlops-plotBar">
          <ColumnSelect
            label={trans.__('Metric')}
            columns={metrics}
            value={metric}
            onChange={chooseMetric}
          />
          <Button
            small
            minimal
            disabled={!isNarrowed}
            onClick={() => setSpans({})}
          >
            {trans.__('Show all')}
          </Button>
          <Pointed model={model} columns={columns} trans={trans} />
        </div>
        <Parallel
          {...shared}
          axes={axes}
          spans={spans}
          onNarrow={(column, span) => setSpans(narrowed(spans, column, span))}
          onTurn={turn}
        />
      </Section>
      <Section title={trans.__('Scatter')}>
        <div className="jp-Mlops-plotBar">
          <ColumnSelect
            label={trans.__('Across')}
            columns={others}
            value={across}
            onChange={chooseAcross}
          />
          <ColumnSelect
            label={trans.__('Upwards')}
            columns={metrics}
            value={metric}
            onChange={chooseMetric}
          />
          <Pointed model={model} columns={[across, metric]} trans={trans} />
        </div>
        <Scatter {...shared} across={lay(across)} upwards={lay(metric)} />
      </Section>
    </>
  );
}

function ColumnSelect(props: {
  label: string;
  columns: readonly string[];
  value: string;
  onChange: (column: string) => void;
}): React.JSX.Element {
  return (
    <label className="jp-Mlops-pick">
      <span>{props.label}</span>
      <HTMLSelect
        value={props.value}
        onChange={event => props.onChange(event.target.value)}
      >
        {props.columns.map(column => (
          <option key={column} value={column}>
            {splitColumn(column)[1]}
          </option>
        ))}
      </HTMLSelect>
    </label>
  );
}

/** Which run is pointed at, and its values. */
function Pointed(props: {
  model: ComparisonModel;
  columns: readonly string[];
  trans: TranslationBundle;
}): React.JSX.Element {
  const { model } = props;
  const run = model.runs.find(one => one.run_id === model.pointed);
  return (
    <div className="jp-Mlops-pointed" role="status">
      {run && (
        <>
          <strong>{run.name}</strong>
          {props.columns.map(column => (
            <span key={column}>
              {splitColumn(column)[1]}{' '}
              {formatValue(columnValue(run, column)) || '–'}
            </span>
          ))}
        </>
      )}
    </div>
  );
}

function countWithin(
  runs: readonly IRun[],
  within: (run: IRun) => boolean,
  trans: TranslationBundle
): string {
  return trans.__('%1 of %2 runs', runs.filter(within).length, runs.length);
}
