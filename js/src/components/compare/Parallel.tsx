/**
 * Parallel coordinates: a line a run through its params and a metric.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRun } from '../../api/wire';
import type { IAxis } from '../../models/axes';
import { linePath } from '../../models/parallel';
import type { Span, Spans } from '../../models/parallel';
import { ParallelAxis } from './ParallelAxis';
import { usePointing, useWidth } from './plotting';

const HEIGHT = 300;
const TOP = 46;
const BOTTOM = 22;
const SIDE = 70;

export interface IParallelProps {
  runs: readonly IRun[];
  axes: readonly IAxis[];
  spans: Spans;
  isWithin: (run: IRun) => boolean;
  pointed: string;
  onPoint: (runId: string) => void;
  onOpen: (run: IRun) => void;
  onNarrow: (column: string, span: Span) => void;
  onTurn: (column: string) => void;
  trans: TranslationBundle;
}

export function Parallel(props: IParallelProps): React.JSX.Element {
  const { axes, runs, trans } = props;
  const frame = React.useRef<HTMLDivElement>(null);
  const width = Math.max(useWidth(frame), 2 * SIDE + 110 * (axes.length - 1));
  const step = axes.length > 1 ? (width - 2 * SIDE) / (axes.length - 1) : 0;
  const toX = (at: number): number =>
    axes.length > 1 ? SIDE + at * step : width / 2;
  const toY = (at: number): number => TOP + (1 - at) * (HEIGHT - TOP - BOTTOM);
  const { rows, onKeyDown } = usePointing(props);
  const last = axes[axes.length - 1];
  const pointed = runs.find(run => run.run_id === props.pointed);
  // The run pointed at lies above all others.
  const drawn = pointed
    ? [...runs.filter(run => run !== pointed), pointed]
    : runs;
  return (
    <div ref={frame} className="jp-Mlops-plane jp-Mlops-scroll">
      <svg
        width={width}
        height={HEIGHT}
        role="group"
        aria-label={trans.__('Parallel coordinates of %1 runs', runs.length)}
      >
        <g
          className="jp-Mlops-parallelLines"
          role="listbox"
          tabIndex={0}
          aria-label={trans.__('Runs: arrows go through them, Enter opens')}
          aria-activedescendant={pointed ? rows(pointed) : undefined}
          onKeyDown={onKeyDown}
          onMouseLeave={() => props.onPoint('')}
        >
          <rect
            x={SIDE / 2}
            y={TOP - 8}
            width={Math.max(0, width - SIDE)}
            height={HEIGHT - TOP - BOTTOM + 16}
            className="jp-Mlops-ground"
          />
          {drawn.map(run => (
            <Line
              key={run.run_id}
              id={rows(run)}
              run={run}
              path={linePath(run, axes, toX, toY)}
              share={last?.place(run) ?? null}
              isWithin={props.isWithin(run)}
              isPointed={run === pointed}
              onPoint={props.onPoint}
              onOpen={props.onOpen}
            />
          ))}
        </g>
        {axes.map((axis, at) => (
          <ParallelAxis
            key={axis.column}
            axis={axis}
            x={toX(at)}
            top={toY(1)}
            bottom={toY(0)}
            room={Math.max(step, 110)}
            span={props.spans[axis.column]}
            onNarrow={span => props.onNarrow(axis.column, span)}
            onTurn={() => props.onTurn(axis.column)}
            trans={trans}
          />
        ))}
      </svg>
    </div>
  );
}

interface ILineProps {
  id: string;
  run: IRun;
  path: string;
  share: number | null;
  isWithin: boolean;
  isPointed: boolean;
  onPoint: (runId: string) => void;
  onOpen: (run: IRun) => void;
}

/** A line, and a broader one that the pointer finds. */
const Line = React.memo(function Line(props: ILineProps): React.JSX.Element {
  const { run, path } = props;
  const words = [
    'jp-Mlops-parallelLine',
    props.isWithin ? '' : 'jp-mod-faded',
    props.isPointed ? 'jp-mod-pointed' : ''
  ];
  return (
    <g
      id={props.id}
      role="option"
      aria-label={run.name}
      aria-selected={props.isPointed}
      data-run={run.run_id}
      className={words.join(' ')}
      style={tint(props.share)}
      onMouseEnter={() => props.isWithin && props.onPoint(run.run_id)}
      onClick={() => props.isWithin && props.onOpen(run)}
    >
      <path d={path} className="jp-Mlops-hit" />
      <path d={path} />
    </g>
  );
});

/** Where a run lies on the last axis, as a mixture of two of the theme's colours. */
function tint(share: number | null): React.CSSProperties {
  const percent = `${Math.round((share ?? 0) * 100)}%`;
  return { ['--jp-mlops-share' as string]: percent };
}
