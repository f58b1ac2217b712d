/**
 * The metrics of a run that are series, drawn.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRun } from '../../api/wire';
import type { RunModel } from '../../models/run';
import { Curves } from '../Curves';
import { Section } from './Section';

export function RunCurves(props: {
  model: RunModel;
  run: IRun;
  metrics: readonly string[];
  trans: TranslationBundle;
}): React.JSX.Element {
  const { model, run, metrics, trans } = props;
  return (
    <Section title={trans.__('Curves')}>
      <Curves
        client={model.client}
        workspace={model.workspace}
        runs={[{ run_id: run.run_id, label: run.name }]}
        metrics={metrics}
        trans={trans}
      />
    </Section>
  );
}
