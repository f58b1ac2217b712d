/**
 * What the panel says when there is nothing to list.
 */
import * as React from 'react';
import { Button } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { WorkspacesModel } from '../models/workspaces';
import { Lesson, Lines } from './Lesson';

const LOAD = '%load_ext jupyter_mlops';
const TRACK = '%%track';
const INSTALL =
  'pip install jupyter-mlops\njupyter server extension enable jupyter_mlops.server';

interface ILesson {
  trans: TranslationBundle;
}

/** No run was recorded yet. */
export function NoRuns({ trans }: ILesson): React.JSX.Element {
  return (
    <Lesson title={trans.__('No runs yet')}>
      <p>{trans.__('Load the extension once in a notebook:')}</p>
      <Lines text={LOAD} trans={trans} />
      <p>
        {trans.__(
          'Put this above a cell and run it. Its code, params, metrics and outputs appear here.'
        )}
      </p>
      <Lines text={TRACK} trans={trans} />
    </Lesson>
  );
}

/** Runs there are, but none that fits. */
export function NoneFits(
  props: ILesson & { onClear: () => void }
): React.JSX.Element {
  const { trans } = props;
  return (
    <Lesson title={trans.__('No run fits')}>
      <Button small onClick={props.onClear}>
        {trans.__('Show all runs')}
      </Button>
    </Lesson>
  );
}

/** There is no workspace for the notebook in front. */
export function NoWorkspace(
  props: ILesson & { model: WorkspacesModel }
): React.JSX.Element {
  const { model, trans } = props;
  const place = model.proposed;
  return (
    <Lesson title={trans.__('No workspace here yet')}>
      <p>
        {trans.__(
          'Runs are kept in a folder .mlops/ beside your notebooks. The first tracked cell makes it:'
        )}
      </p>
      <Lines text={`${LOAD}`} trans={trans} />
      <Lines text={TRACK} trans={trans} />
      {place && (
        <Button small onClick={() => void model.make(place.path)}>
          {trans.__('Make one in %1', place.path || place.name)}
        </Button>
      )}
    </Lesson>
  );
}

/** The server has no part of ours. */
export function MissingServerPart(
  props: ILesson & { onRetry: () => void }
): React.JSX.Element {
  const { trans } = props;
  return (
    <Lesson title={trans.__('The server part is missing')}>
      <p>
        {trans.__(
          'This panel needs jupyter-mlops where Jupyter Server runs. Install it there, then restart the server:'
        )}
      </p>
      <Lines text={INSTALL} trans={trans} />
      <Button small onClick={props.onRetry}>
        {trans.__('Try again')}
      </Button>
    </Lesson>
  );
}

/** Something else is wrong. */
export function Trouble(
  props: ILesson & { sentence: string; onRetry: () => void }
): React.JSX.Element {
  const { trans } = props;
  return (
    <Lesson title={trans.__('The workspace cannot be shown')}>
      <p role="alert">{props.sentence}</p>
      <Button small onClick={props.onRetry}>
        {trans.__('Try again')}
      </Button>
    </Lesson>
  );
}
