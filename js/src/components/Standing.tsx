/**
 * What the panel says in place of its sections when there is no workspace to show.
 */
import * as React from 'react';
import { UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { PanelModel } from '../models/panel';
import { MissingServerPart, NoWorkspace, Trouble } from './lessons';

interface IStandingProps {
  model: PanelModel;
  trans: TranslationBundle;
}

/** The first step towards a workspace; nothing where there is one. */
export function Standing(props: IStandingProps): React.JSX.Element {
  return (
    <UseSignal signal={props.model.workspaces.stateChanged}>
      {() => <Advice {...props} />}
    </UseSignal>
  );
}

function Advice(props: IStandingProps): React.JSX.Element | null {
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
      return null;
  }
}

/** One line at the foot when news do not come through. */
export function Notice(props: IStandingProps): React.JSX.Element {
  const { model } = props;
  return (
    <UseSignal signal={model.link.stateChanged}>
      {() => (
        <UseSignal signal={model.workspaces.stateChanged}>
          {() => (
            <UseSignal signal={model.runs.stateChanged}>
              {() => <NoticeLine {...props} />}
            </UseSignal>
          )}
        </UseSignal>
      )}
    </UseSignal>
  );
}

function NoticeLine(props: IStandingProps): React.JSX.Element | null {
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
