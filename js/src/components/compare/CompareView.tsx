/**
 * The whole comparison: values, plots, and two runs side by side.
 */
import * as React from 'react';
import {
  Button,
  HTMLSelect,
  UseSignal,
  refreshIcon
} from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IComparison } from '../../api/compare';
import type { IRun } from '../../api/wire';
import type { ComparisonModel } from '../../models/comparison';
import { Curves } from '../Curves';
import type { Colour } from './DiffCode';
import type { Draw } from './DiffOutputs';
import { DiffView } from './DiffView';
import { Plots } from './Plots';
import { Section } from './Section';
import { Values } from './Values';

const MOST_CURVES = 20;
const MOST_CHARTS = 8;

export interface ICompareViewProps {
  model: ComparisonModel;
  colour: Colour;
  draw: Draw;
  onOpen: (run: IRun) => void;
  trans: TranslationBundle;
}

export function CompareView(props: ICompareViewProps): React.JSX.Element {
  return (
    <UseSignal signal={props.model.stateChanged}>
      {() => <Whole {...props} />}
    </UseSignal>
  );
}

function Whole(props: ICompareViewProps): React.JSX.Element {
  const { model, trans } = props;
  const { comparison, problem } = model;
  if (!comparison) {
    return problem ? (
      <div className="jp-Mlops-lesson" role="alert">
        <h3>{trans.__('These runs cannot be compared')}</h3>
        <p>{problem}</p>
        <Button onClick={() => void model.refresh()}>
          {trans.__('Try again')}
        </Button>
      </div>
    ) : (
      <p className="jp-Mlops-quiet" role="status">
        {trans.__('Comparing…')}
      </p>
    );
  }
  return (
    <>
      <Bar {...props} />
      {problem && (
        <div className="jp-Mlops-notice" role="status">
          {problem}
        </div>
      )}
      <div className="jp-Mlops-comparison">
        <Missing comparison={comparison} trans={trans} />
        {comparison.runs.length > 1 && (
          <Several {...props} comparison={comparison} />
        )}
      </div>
    </>
  );
}

function Several(
  props: ICompareViewProps & { comparison: IComparison }
): React.JSX.Element {
  const { comparison, model, trans } = props;
  return (
    <>
      <Section title={trans.__('Params and metrics')}>
        <Values {...props} />
      </Section>
      {comparison.series.length > 0 && <Curved {...props} />}
      {comparison.runs.length > 2 && <Plots {...props} />}
      <Two {...props} model={model} />
    </>
  );
}

/** Metrics over each other, of as many runs as can be told apart. */
function Curved(
  props: ICompareViewProps & { comparison: IComparison }
): React.JSX.Element {
  const { comparison, model, trans } = props;
  const runs = comparison.runs.slice(0, MOST_CURVES);
  const metrics = comparison.series.slice(0, MOST_CHARTS);
  const isWhole =
    runs.length === comparison.runs.length &&
    metrics.length === comparison.series.length;
  return (
    <Section
      title={trans.__('Curves')}
      note={
        isWhole
          ? undefined
          : trans.__(
              'the first %1 metrics of the first %2 runs',
              metrics.length,
              runs.length
            )
      }
    >
      <Curves
        client={model.client}
        workspace={model.compared.workspace}
        runs={runs.map(run => ({ run_id: run.run_id, label: run.name }))}
        metrics={metrics}
        trans={trans}
      />
    </Section>
  );
}

/** The baseline and one other run, with all that differs. */
function Two(props: ICompareViewProps): React.JSX.Element | null {
  const { model, trans } = props;
  const { baseline, other, difference, differenceProblem } = model;
  if (!baseline || !other) {
    return null;
  }
  return (
    <>
      <div className="jp-Mlops-two">
        <RunSelect
          label={trans.__('Side by side')}
          runs={model.runs}
          value={baseline}
          onChange={runId => model.holdAgainst(runId)}
        />
        <RunSelect
          label={trans.__('and')}
          runs={model.runs.filter(run => run !== baseline)}
          value={other}
          onChange={runId => model.setBeside(runId)}
        />
      </div>
      {differenceProblem && <p role="alert">{differenceProblem}</p>}
      {difference ? (
        <DiffView
          difference={difference}
          colour={props.colour}
          draw={props.draw}
          trans={trans}
        />
      ) : (
        !differenceProblem && (
          <p className="jp-Mlops-quiet" role="status">
            {trans.__('Comparing…')}
          </p>
        )
      )}
    </>
  );
}

function Bar(props: ICompareViewProps): React.JSX.Element {
  const { model, trans } = props;
  const { baseline } = model;
  return (
    <div
      className="jp-Mlops-compareBar"
      role="toolbar"
      aria-label={trans.__('Comparison')}
    >
      {baseline && (
        <RunSelect
          label={trans.__('Baseline')}
          runs={model.runs}
          value={baseline}
          onChange={runId => model.holdAgainst(runId)}
        />
      )}
      <Button
        minimal
        small
        title={trans.__('Compare again')}
        aria-label={trans.__('Compare again')}
        onClick={() => void model.refresh()}
      >
        <refreshIcon.react tag="span" />
      </Button>
    </div>
  );
}

function RunSelect(props: {
  label: string;
  runs: readonly IRun[];
  value: IRun;
  onChange: (runId: string) => void;
}): React.JSX.Element {
  const names = props.runs.map(run => run.name);
  return (
    <label className="jp-Mlops-pick">
      <span>{props.label}</span>
      <HTMLSelect
        value={props.value.run_id}
        onChange={event => props.onChange(event.target.value)}
      >
        {props.runs.map(run => (
          <option key={run.run_id} value={run.run_id}>
            {isTwice(run.name, names)
              ? `${run.name} ${run.run_id.slice(-6)}`
              : run.name}
          </option>
        ))}
      </HTMLSelect>
    </label>
  );
}

function isTwice(name: string, names: readonly string[]): boolean {
  return names.indexOf(name) !== names.lastIndexOf(name);
}

function Missing(props: {
  comparison: IComparison;
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { missing, runs } = props.comparison;
  const { trans } = props;
  if (missing.length === 0 && runs.length > 1) {
    return null;
  }
  return (
    <p className="jp-Mlops-quiet" role="status">
      {missing.length > 0 &&
        trans._n(
          '%1 run is not in this workspace any longer.',
          '%1 runs are not in this workspace any longer.',
          missing.length
        )}{' '}
      {runs.length < 2 &&
        trans.__('To compare takes two runs: pick them in the panel.')}
    </p>
  );
}
