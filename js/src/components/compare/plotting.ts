/**
 * What plots of runs have in common: their width, and how runs are gone through.
 */
import * as React from 'react';

import type { IRun } from '../../api/wire';
import { nextRun } from '../../models/scatter';

const FIRST_WIDTH = 640;

/** The width of an element, followed. */
export function useWidth(frame: React.RefObject<HTMLElement>): number {
  const [width, setWidth] = React.useState(FIRST_WIDTH);
  React.useLayoutEffect(() => {
    const node = frame.current;
    if (!node) {
      return;
    }
    const watch = new ResizeObserver(() => {
      if (node.clientWidth > 0) {
        setWidth(node.clientWidth);
      }
    });
    watch.observe(node);
    return () => watch.disconnect();
  }, [frame]);
  return width;
}

export interface IPointing {
  runs: readonly IRun[];
  pointed: string;
  isWithin: (run: IRun) => boolean;
  onPoint: (runId: string) => void;
  onOpen: (run: IRun) => void;
}

/** Arrows go through the runs that are not faded, Enter opens one. */
export function usePointing(props: IPointing): {
  rows: (run: IRun) => string;
  onKeyDown: (event: React.KeyboardEvent) => void;
} {
  const prefix = React.useId();
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const { runs, pointed } = props;
    const shown = runs.filter(props.isWithin);
    const next = nextRun(event.key, shown, pointed);
    const run = shown.find(one => one.run_id === pointed);
    if (next !== null) {
      event.preventDefault();
      props.onPoint(next);
    } else if (event.key === 'Enter' && run) {
      props.onOpen(run);
    } else if (event.key === 'Escape') {
      props.onPoint('');
    }
  };
  return { rows: run => `${prefix}${run.run_id}`, onKeyDown };
}

/** Shorten a text to so many letters. */
export function cut(text: string, letters: number): string {
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}
