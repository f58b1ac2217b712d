/**
 * Says which workspace is shown, and switches to another.
 */
import * as React from 'react';
import { HTMLSelect } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IPlace } from '../api/wire';
import type { WorkspacesModel } from '../models/workspaces';

const FOLLOW = '\0follow';

/** Name a workspace so that two of one name can be told apart. */
export function placeLabel(place: IPlace, known: readonly IPlace[]): string {
  const twins = known.filter(one => one.name === place.name);
  return twins.length > 1 && place.path
    ? `${place.name} (${place.path})`
    : place.name;
}

export function WorkspaceBar(props: {
  model: WorkspacesModel;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { model, trans } = props;
  const { current, known } = model;
  const choose = (value: string): void => {
    const place = known.find(one => one.path === value);
    if (place && value !== FOLLOW) {
      model.choose(place);
    } else {
      void model.followAgain();
    }
  };
  const following =
    model.isFollowing && current
      ? placeLabel(current, known)
      : trans.__('Follow the notebook in front');
  return (
    <HTMLSelect
      className="jp-Mlops-workspace"
      aria-label={trans.__('Workspace')}
      title={trans.__('Which workspace is shown')}
      value={model.isFollowing ? FOLLOW : (current?.path ?? FOLLOW)}
      onFocus={() => void model.refresh(true)}
      onChange={event => choose(event.target.value)}
    >
      <option value={FOLLOW}>{following}</option>
      {known
        .filter(one => !model.isFollowing || one.path !== current?.path)
        .map(one => (
          <option key={one.path} value={one.path}>
            {placeLabel(one, known)}
          </option>
        ))}
    </HTMLSelect>
  );
}
