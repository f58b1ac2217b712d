/**
 * The button that goes on with work that ended badly.
 */
import * as React from 'react';
import { Button, refreshIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

export function ResumeWork(props: {
  /** What will run, and what will not run again. */
  title: string;
  onClick: () => void;
  trans: TranslationBundle;
}): React.JSX.Element {
  return (
    <Button small title={props.title} onClick={props.onClick}>
      <refreshIcon.react tag="span" elementSize="small" />
      {props.trans.__('Resume')}
    </Button>
  );
}
