/**
 * The whole panel: picks what can be shown.
 */
import * as React from 'react';
import { Button, UseSignal, listIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRun } from '../api/wire';
import type { PanelModel } from '../models/panel';
import { EVERYTHING, isNarrowed } from '../models/question';
import {
  MissingServerPart,
  NoRuns,
  NoWorkspace,
  NoneFits,
  Trouble
} from './lessons';
import { QuestionBar } from './QuestionBar';
import { RunsTable } from './RunsTable';
import { WorkspaceBar } from './WorkspaceBar';

export interface IPanelViewProps {
  model: PanelModel;
  onOpen: (run: IRun) => void;
  onColumns: (anchor: DOMRect) => void;
  trans: TranslationBundle;
}

export function PanelView(props: IPanelViewProps): React.JSX.Element {
  const { model, trans } = props;
  return (
    <UseSignal signal={model.workspaces.stateChanged}>
      {() => (
        <>
          <div className="jp-Mlops-bar" role="toolbar">
            <WorkspaceBar model={model.workspaces} trans={trans} />
            <Button
              minimal
              small
              title={trans.__('Choose columns')}
              aria-label={trans.__('Choose columns')}
              aria-haspopup="menu"
              onClick={event =>
                props.onColumns(event.currentTarget.getBoundingClientRect())
              }
            >
              <listIcon.react tag="span" />
            </Button>
          </div>
          <Standing {...props} />
        </>
      )}
    </UseSignal>
  );
}

function Standing(props: IPanelViewProps): React.JSX.Element {
  const { model, trans } = props;
  const { workspaces } = model;
  const retry = (): void => void workspaces.refresh();
  switch (workspaces.standing) {
    case 'missing':
      return <MissingServerPart trans={trans} onRetry={retry} />;
    case 'none':
      return <NoWorkspace trans={trans} model={workspaces} />;
    case 'failed':
      return (
        <Trouble trans={trans} sentence={workspaces.problem} onRetry={retry} />
      );
    default:
      return workspaces.current ? (
        <UseSignal signal={model.runs.stateChanged}>
          {() => <Runs {...props} />}
        </UseSignal>
      ) : (
        <Notice model={model} trans={trans} />
      );
  }
}

function Runs(props: IPanelViewProps): React.JSX.Element {
  const { model, trans } = props;
  const { runs } = model;
  return (
    <>
      <UseSignal signal={model.names.stateChanged}>
        {() => (
          <QuestionBar
            runs={runs}
            experiments={model.names.names.experiments}
            trans={trans}
          />
        )}
      </UseSignal>
      <Listed {...props} />
      <UseSignal signal={model.link.stateChanged}>
        {() => <Notice model={model} trans={trans} />}
      </UseSignal>
    </>
  );
}

function Listed(props: IPanelViewProps): React.JSX.Element | null {
  const { model, trans } = props;
  const { runs } = model;
  if (!runs.hasAnswer) {
    return null;
  }
  if (runs.total === 0) {
    return isNarrowed(runs.question) ? (
      <NoneFits trans={trans} onClear={() => void runs.ask(EVERYTHING)} />
    ) : (
      <NoRuns trans={trans} />
    );
  }
  return (
    <UseSignal signal={model.table.stateChanged}>
      {() => (
        <RunsTable
          runs={runs}
          table={model.table}
          onOpen={props.onOpen}
          trans={trans}
        />
      )}
    </UseSignal>
  );
}

/** One line at the foot when news do not come through. */
function Notice(props: {
  model: PanelModel;
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { model, trans } = props;
  const isAway =
    model.link.link === 'broken' ||
    model.workspaces.standing === 'unreachable' ||
    model.runs.isUnreachable;
  const sentence = isAway
    ? trans.__('The server does not answer. Trying again…')
    : model.link.problem;
  return sentence ? (
    <div className="jp-Mlops-notice" role="status">
      {sentence}
    </div>
  ) : null;
}
