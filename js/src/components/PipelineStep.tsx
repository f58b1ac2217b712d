/**
 * The details of one step: why it would run, what it measured, what can be done.
 */
import * as React from 'react';
import { Button } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IPipelineStep } from '../api/batchwire';
import type { PipelineModel } from '../models/pipeline';
import { StateSign, stateWord } from './batchwords';
import { formatNumber, formatSeconds } from './format';

export function PipelineStep(props: {
  model: PipelineModel;
  step: IPipelineStep;
  onNotebook: (path: string) => void;
  onWatch: (run: string) => void;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { model, step, trans } = props;
  const { name, notebook } = step;
  const isIdle = !model.isRunning;
  return (
    <section className="jp-Mlops-step" aria-label={trans.__('Step %1', name)}>
      <h3>
        <StateSign state={step.state} trans={trans} />
        {name}
        <small>{stateWord(step.state, trans)}</small>
      </h3>
      {step.description && <p>{step.description}</p>}
      <Lines lines={step.why} className="jp-Mlops-why" />
      <Lines lines={step.notes} className="jp-Mlops-notes" />
      <dl>
        {step.seconds !== null && (
          <>
            <dt>{trans.__('took')}</dt>
            <dd>{formatSeconds(step.seconds)}</dd>
          </>
        )}
        {Object.entries(step.metrics).map(([key, value]) => (
          <React.Fragment key={key}>
            <dt>{key}</dt>
            <dd>{formatNumber(value)}</dd>
          </React.Fragment>
        ))}
      </dl>
      <div className="jp-Mlops-actions">
        {isIdle && (
          <>
            <Button small onClick={() => void model.run({ until: name })}>
              {trans.__('Run this and what it needs')}
            </Button>
            <Button
              small
              onClick={() => void model.run({ until: name, force: true })}
            >
              {trans.__('Run this anew')}
            </Button>
          </>
        )}
        {notebook !== null && (
          <Button small onClick={() => props.onNotebook(notebook)}>
            {trans.__('Open notebook')}
          </Button>
        )}
        {step.run_id !== null && (
          <Button small onClick={() => props.onWatch(step.run_id ?? '')}>
            {step.state === 'running'
              ? trans.__('Watch it run')
              : trans.__('Show what it did')}
          </Button>
        )}
      </div>
    </section>
  );
}

function Lines(props: {
  lines: string[];
  className: string;
}): React.JSX.Element | null {
  return props.lines.length === 0 ? null : (
    <ul className={props.className}>
      {props.lines.map(line => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
