/**
 * What is being recorded now, in the status bar.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRun } from '../api/wire';
import type { IRecordedRun } from '../models/recording';
import { formatNumber, formatSeconds } from './format';

const SECOND = 1000;

export interface IRecordingStatusProps {
  runs: readonly IRecordedRun[];
  onOpen: (run: IRecordedRun) => void;
  onMenu: (anchor: DOMRect) => void;
  trans: TranslationBundle;
}

/** One run: its name, clock and metric; several: how many. Nothing: nothing. */
export function RecordingStatus(
  props: IRecordingStatusProps
): React.JSX.Element | null {
  const { runs, trans } = props;
  const now = useClock(runs.length > 0);
  const [run] = runs;
  if (run === undefined) {
    return null;
  }
  const isOne = runs.length === 1;
  const text = isOne ? describeRun(run, now) : trans.__('%1 runs', runs.length);
  return (
    <button
      type="button"
      className="jp-Mlops-recording"
      aria-label={trans.__('Recording %1', isOne ? run.name : text)}
      aria-haspopup={isOne ? undefined : 'menu'}
      title={runs.map(one => describePlace(one, trans)).join('\n')}
      onClick={event =>
        isOne
          ? props.onOpen(run)
          : props.onMenu(event.currentTarget.getBoundingClientRect())
      }
    >
      <span className="jp-Mlops-recordingSign" aria-hidden="true" />
      {text}
    </button>
  );
}

function describeRun(run: IRun, now: number): string {
  const [metric] = Object.entries(run.metrics);
  const parts = [run.name, elapsed(run, now)];
  if (metric) {
    parts.push(`${metric[0]} ${formatNumber(metric[1])}`);
  }
  return parts.join(' · ');
}

function describePlace(run: IRun, trans: TranslationBundle): string {
  return run.notebook
    ? trans.__('Recording %1 of %2', run.name, run.notebook)
    : trans.__('Recording %1', run.name);
}

function elapsed(run: IRun, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(run.started)) / SECOND);
  return formatSeconds(Math.floor(seconds)).replace('.0 ', ' ');
}

/** The time, once a second while somebody needs it. */
function useClock(isNeeded: boolean): number {
  const [now, setNow] = React.useState(() => Date.now());
  React.useEffect(() => {
    if (!isNeeded) {
      return;
    }
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, [isNeeded]);
  return now;
}
