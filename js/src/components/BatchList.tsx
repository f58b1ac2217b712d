/**
 * The panel's section of batch work: pipelines, what runs and ran, sweeps.
 */
import * as React from 'react';
import { Button, linkIcon, runIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import { isAlive } from '../api/batchwire';
import type { IJob, IPipelineLine } from '../api/batchwire';
import type { IRun } from '../api/wire';
import type { BatchModel, IBatchLine } from '../models/batch';
import { CancelWork } from './CancelWork';
import { Lesson, Lines } from './Lesson';
import { Refusal, StateSign, kindWord } from './batchwords';
import { formatAgo, formatSeconds } from './format';

const PROPOSE = 'jupyter mlops init --from-notebooks .';

export interface IBatchActions {
  openPipeline: (path: string) => void;
  openRun: (line: IBatchLine) => void;
  runPipeline: (path: string) => void;
  runNotebook: () => void;
  sweepNotebook: () => void;
  /** Open the state that a run failed in. */
  attach: (run: IRun) => void;
  /** Interrupt what was started here, or else the run; false when refused. */
  cancel: (job: IJob | null, run: IRun | null) => Promise<boolean>;
}

interface IProps {
  model: BatchModel;
  actions: IBatchActions;
  trans: TranslationBundle;
}

export function BatchList(props: IProps): React.JSX.Element | null {
  const { actions, model, trans } = props;
  const { pipelines } = model.batch;
  const { runs, sweeps } = model;
  if (!model.hasAnswer) {
    return model.problem ? (
      <p className="jp-Mlops-refusal" role="alert">
        {model.problem}
      </p>
    ) : null;
  }
  const isEmpty = pipelines.length + runs.length + sweeps.length === 0;
  return (
    <div className="jp-Mlops-batch">
      <div className="jp-Mlops-batchBar">
        <Button small onClick={actions.runNotebook}>
          {trans.__('Run notebook in batch…')}
        </Button>
        <Button small onClick={actions.sweepNotebook}>
          {trans.__('Sweep notebook…')}
        </Button>
      </div>
      <Refusal
        sentence={model.refusal}
        onDismiss={() => model.dismiss()}
        trans={trans}
      />
      {isEmpty && <NoBatch trans={trans} />}
      <Group title={trans.__('Pipelines')} count={pipelines.length}>
        {pipelines.map(one => (
          <PipelineRow key={one.path} {...props} line={one} />
        ))}
      </Group>
      <Group title={trans.__('Runs')} count={runs.length}>
        {runs.map(line => (
          <RunRow key={line.key} {...props} line={line} />
        ))}
      </Group>
      <Group title={trans.__('Sweeps')} count={sweeps.length}>
        {sweeps.map(line => (
          <RunRow key={line.key} {...props} line={line} />
        ))}
      </Group>
    </div>
  );
}

function NoBatch(props: { trans: TranslationBundle }): React.JSX.Element {
  const { trans } = props;
  return (
    <Lesson title={trans.__('No batch work yet')}>
      <p>
        {trans.__(
          'Run the notebook in front in the background, and watch it fill in. Several notebooks become a pipeline, whose steps run only when something changed:'
        )}
      </p>
      <Lines text={PROPOSE} trans={trans} />
    </Lesson>
  );
}

function Group(props: {
  title: string;
  count: number;
  children: React.ReactNode;
}): React.JSX.Element | null {
  return props.count === 0 ? null : (
    <section className="jp-Mlops-batchGroup" aria-label={props.title}>
      <h3>{props.title}</h3>
      <ul>{props.children}</ul>
    </section>
  );
}

function PipelineRow(
  props: IProps & { line: IPipelineLine }
): React.JSX.Element {
  const { actions, line, model, trans } = props;
  const job = model.jobAt(line.path);
  const state = job?.state ?? line.last?.status ?? 'not run';
  const label = trans._n('%1 step', '%1 steps', line.steps);
  return (
    <li className="jp-Mlops-batchRow">
      <StateSign state={line.problem ? 'failed' : state} trans={trans} />
      <button
        type="button"
        className="jp-Mlops-batchName"
        title={line.problem || line.description || line.path}
        onClick={() => actions.openPipeline(line.path)}
      >
        <span>{line.name}</span>
        <small>{line.problem ? trans.__('cannot be read') : label}</small>
      </button>
      {job || line.last?.status === 'running' ? (
        <Cancel {...props} job={job} run={line.last} />
      ) : (
        <Button
          minimal
          small
          disabled={line.problem !== ''}
          title={trans.__('Run %1', line.name)}
          aria-label={trans.__('Run %1', line.name)}
          onClick={() => actions.runPipeline(line.path)}
        >
          <runIcon.react tag="span" />
        </Button>
      )}
    </li>
  );
}

function RunRow(props: IProps & { line: IBatchLine }): React.JSX.Element {
  const { actions, line, model, trans } = props;
  const { run, job } = line;
  const attach = trans.__('Attach: open the state that it failed in');
  const path = job?.path ?? run?.notebook ?? '';
  const name = run?.name ?? path.split('/').pop() ?? '';
  const state = job && isAlive(job) ? job.state : (run?.status ?? job?.state);
  const took = run?.seconds ? ` · ${formatSeconds(run.seconds)}` : '';
  const began = formatAgo(run?.started ?? job?.began ?? '', trans);
  const said = run?.error
    ? `${run.error.name}: ${run.error.value}`
    : run === null && job
      ? job.said
      : '';
  return (
    <li className="jp-Mlops-batchRow">
      <StateSign state={state ?? 'lost'} trans={trans} />
      <button
        type="button"
        className="jp-Mlops-batchName"
        title={said || path}
        disabled={run === null && job?.run_id === null}
        onClick={() => actions.openRun(line)}
      >
        <span>{name || trans.__('run')}</span>
        <small>
          {`${kindWord(run, job, trans)} · ${began}${took}`}
          {job?.by ? ` · ${job.by}` : ''}
        </small>
        {said && <small className="jp-Mlops-said">{said}</small>}
      </button>
      {run !== null && model.isAttachable(run) && (
        <Button
          minimal
          small
          title={attach}
          aria-label={attach}
          onClick={() => actions.attach(run)}
        >
          <linkIcon.react tag="span" />
        </Button>
      )}
      {(isAlive(job) || run?.status === 'running') && (
        <Cancel {...props} job={isAlive(job) ? job : null} run={run} />
      )}
    </li>
  );
}

function Cancel(
  props: IProps & { job: IJob | null; run: IRun | null }
): React.JSX.Element {
  const { actions, job, run, trans } = props;
  return (
    <CancelWork
      job={job}
      isSmall
      onCancel={() => actions.cancel(job, run)}
      trans={trans}
    />
  );
}
