/**
 * The button that interrupts work: once to finish writing, twice for now.
 */
import * as React from 'react';
import { Button, stopIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IJob } from '../api/batchwire';

export interface ICancelWorkProps {
  /** What was started here; null of work that was started elsewhere. */
  job: IJob | null;
  /** Interrupt it; false when that was refused. */
  onCancel: () => Promise<boolean>;
  /** Only its icon is shown. */
  isSmall?: boolean;
  trans: TranslationBundle;
}

export function CancelWork(props: ICancelWorkProps): React.JSX.Element {
  const { isSmall, job, trans } = props;
  const [isAsked, setAsked] = React.useState(false);
  const isStopping = job === null ? isAsked : job.state === 'stopping';
  const label = isStopping ? trans.__('Stop now') : trans.__('Cancel');
  const cancel = async (): Promise<void> => setAsked(await props.onCancel());
  return (
    <Button
      minimal={isSmall}
      small
      title={isSmall ? label : undefined}
      aria-label={label}
      onClick={() => void cancel()}
    >
      <stopIcon.react tag="span" elementSize={isSmall ? undefined : 'small'} />
      {!isSmall && label}
    </Button>
  );
}
