/**
 * The section of runs: what is asked of them, and those that fit.
 */
import * as React from 'react';
import { UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRun } from '../api/wire';
import type { PanelModel } from '../models/panel';
import { everythingAs, isNarrowed } from '../models/question';
import { NoRuns, NoneFits } from './lessons';
import { QuestionBar } from './QuestionBar';
import { RunsTable } from './RunsTable';
import { WithSparks } from './Spark';

export interface IRunsViewProps {
  model: PanelModel;
  onOpen: (run: IRun) => void;
  onColumns: (anchor: DOMRect) => void;
  trans: TranslationBundle;
}

export function RunsView(props: IRunsViewProps): React.JSX.Element {
  const { model, trans } = props;
  const { runs } = model;
  return (
    <UseSignal signal={runs.stateChanged}>
      {() => (
        <>
          <UseSignal signal={model.names.stateChanged}>
            {() => (
              <QuestionBar
                runs={runs}
                completion={model.completion}
                experiments={model.names.names.experiments}
                onColumns={props.onColumns}
                trans={trans}
              />
            )}
          </UseSignal>
          <Listed {...props} />
        </>
      )}
    </UseSignal>
  );
}

function Listed(props: IRunsViewProps): React.JSX.Element | null {
  const { model, trans } = props;
  const { runs } = model;
  if (!runs.hasAnswer) {
    return null;
  }
  if (runs.total === 0) {
    return isNarrowed(runs.question) ? (
      <NoneFits
        trans={trans}
        onClear={() => void runs.ask(everythingAs(runs.question))}
      />
    ) : (
      <NoRuns trans={trans} />
    );
  }
  return (
    <UseSignal signal={model.table.stateChanged}>
      {() => (
        <WithSparks
          client={model.client}
          workspace={model.workspaces.current?.path ?? ''}
        >
          <RunsTable
            runs={runs}
            table={model.table}
            additions={model.additions}
            onOpen={props.onOpen}
            trans={trans}
          />
        </WithSparks>
      )}
    </UseSignal>
  );
}
