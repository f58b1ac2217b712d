/**
 * A sweep: how it stands, its plot, its points, the best first.
 */
import * as React from 'react';
import { HTMLSelect } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IPoint, ISweep } from '../api/batchwire';
import type { SweepModel } from '../models/sweep';
import { Refusal, StateSign, stateWord } from './batchwords';
import { CancelWork } from './CancelWork';
import { formatNumber, formatSeconds, formatValue } from './format';
import { ResumeWork } from './ResumeWork';
import { SweepPlot } from './SweepPlot';

interface IProps {
  model: SweepModel;
  onOpen: (point: IPoint) => void;
  onResume: () => void;
  trans: TranslationBundle;
}

export function SweepView(props: IProps): React.JSX.Element | null {
  const { model, trans } = props;
  const { sweep } = model;
  if (sweep === null) {
    return (
      <Refusal
        sentence={model.problem}
        onDismiss={() => void model.refresh()}
        trans={trans}
      />
    );
  }
  return (
    <>
      <Head {...props} sweep={sweep} />
      <Refusal
        sentence={model.refusal || model.problem}
        onDismiss={() => model.dismiss()}
        trans={trans}
      />
      <div className="jp-Mlops-sweepBody">
        <Choice {...props} sweep={sweep} />
        <SweepPlot
          points={sweep.points}
          param={model.param}
          metric={model.metric}
          best={sweep.best}
          onOpen={props.onOpen}
          trans={trans}
        />
        <PointsTable {...props} sweep={sweep} />
      </div>
    </>
  );
}

function Head(props: IProps & { sweep: ISweep }): React.JSX.Element {
  const { model, sweep, trans } = props;
  const { job } = model;
  const state = job?.state ?? sweep.run.status;
  const ended = sweep.points.filter(one => one.state !== 'running').length;
  const count = Math.max(sweep.planned ?? 0, sweep.points.length);
  return (
    <div
      className="jp-Mlops-workHead"
      role="toolbar"
      aria-label={sweep.run.name}
    >
      <h2>{sweep.run.name}</h2>
      <span className="jp-Mlops-headState" role="status">
        <StateSign state={state} trans={trans} />
        {stateWord(state, trans)}
      </span>
      <span className="jp-Mlops-headFacts">
        <span>{trans.__('%1 of %2 points', ended, count)}</span>
        {sweep.shared_cells > 0 && (
          <span>
            {trans._n(
              '%1 cell ran once for all',
              '%1 cells ran once for all',
              sweep.shared_cells
            )}
          </span>
        )}
        {sweep.resumed && (
          <span title={trans.__('Resumed %1', sweep.resumed)}>
            {trans.__('resumed')}
          </span>
        )}
      </span>
      <span className="jp-Mlops-fill" />
      {model.isResumable && (
        <ResumeWork
          title={trans.__(
            'Points that are left run, behind the cells that all of them share'
          )}
          onClick={props.onResume}
          trans={trans}
        />
      )}
      {model.isRunning && (
        <CancelWork job={job} onCancel={() => model.cancel()} trans={trans} />
      )}
    </div>
  );
}

function Choice(props: IProps & { sweep: ISweep }): React.JSX.Element | null {
  const { model, sweep, trans } = props;
  const many = sweep.params.length > 1 || sweep.metrics.length > 1;
  return many ? (
    <div className="jp-Mlops-sweepChoice">
      <HTMLSelect
        aria-label={trans.__('Metric')}
        value={model.metric}
        options={sweep.metrics}
        onChange={event => (model.metric = event.target.value)}
      />
      <span>{trans.__('against')}</span>
      <HTMLSelect
        aria-label={trans.__('Parameter')}
        value={model.param}
        options={sweep.params}
        onChange={event => (model.param = event.target.value)}
      />
    </div>
  ) : null;
}

function PointsTable(props: IProps & { sweep: ISweep }): React.JSX.Element {
  const { sweep, trans } = props;
  const { best, metrics, params } = sweep;
  return (
    <table className="jp-Mlops-points" aria-label={trans.__('Points')}>
      <thead>
        <tr>
          <th scope="col">#</th>
          {[...params, ...metrics].map(name => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
          <th scope="col">{trans.__('state')}</th>
          <th scope="col">{trans.__('took')}</th>
        </tr>
      </thead>
      <tbody>
        {sweep.points.map(one => (
          <tr
            key={one.point}
            data-point={one.point}
            data-state={one.state}
            className={one.point === best ? 'jp-mod-best' : undefined}
          >
            <th scope="row">
              {one.run_id === null ? (
                one.point
              ) : (
                <button
                  type="button"
                  className="jp-Mlops-plain"
                  aria-label={trans.__('Open point %1', one.point)}
                  onClick={() => props.onOpen(one)}
                >
                  {one.point}
                </button>
              )}
            </th>
            {params.map(name => (
              <td key={name}>{formatValue(one.params[name])}</td>
            ))}
            {metrics.map(name => {
              const value = one.metrics[name];
              return (
                <td key={name} className="jp-mod-number">
                  {value === undefined ? '' : formatNumber(value)}
                </td>
              );
            })}
            <td title={one.why}>
              <span className="jp-Mlops-headState">
                <StateSign state={one.state} trans={trans} />
                {one.point === best
                  ? trans.__('best')
                  : stateWord(one.state, trans)}
              </span>
            </td>
            <td className="jp-mod-number">
              {one.seconds === null ? '' : formatSeconds(one.seconds)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
