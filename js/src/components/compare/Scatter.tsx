/**
 * Runs as points: a param or a metric across, another upwards.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRun } from '../../api/wire';
import type { IAxis } from '../../models/axes';
import { splitColumn } from '../../models/columns';
import { scatterPoints } from '../../models/scatter';
import { formatValue } from '../format';
import { cut, usePointing, useWidth } from './plotting';

const HEIGHT = 280;
const LEFT = 76;
const RIGHT = 24;
const TOP = 14;
const BOTTOM = 44;
/** Points at the ends stay whole. */
const INNER = 10;
const MOST_WIDTH = 760;

export interface IScatterProps {
  runs: readonly IRun[];
  across: IAxis;
  upwards: IAxis;
  isWithin: (run: IRun) => boolean;
  pointed: string;
  onPoint: (runId: string) => void;
  onOpen: (run: IRun) => void;
  trans: TranslationBundle;
}

export function Scatter(props: IScatterProps): React.JSX.Element {
  const { runs, across, upwards, trans } = props;
  const frame = React.useRef<HTMLDivElement>(null);
  const width = Math.min(MOST_WIDTH, useWidth(frame));
  const toX = (at: number): number =>
    LEFT + INNER + at * (width - LEFT - RIGHT - 2 * INNER);
  const toY = (at: number): number =>
    HEIGHT - BOTTOM - INNER - at * (HEIGHT - TOP - BOTTOM - 2 * INNER);
  const { rows, onKeyDown } = usePointing(props);
  const points = scatterPoints(runs, across, upwards);
  const pointed = points.find(one => one.run.run_id === props.pointed);
  return (
    <div ref={frame} className="jp-Mlops-plane">
      <svg
        width={width}
        height={HEIGHT}
        role="group"
        aria-label={trans.__('Scatter of %1 runs', points.length)}
      >
        <g className="jp-Mlops-axis">
          {across.ticks.map((tick, at) => (
            <g key={at} transform={`translate(${toX(tick.at)} 0)`}>
              <line
                className="jp-Mlops-gridLine"
                y1={TOP}
                y2={HEIGHT - BOTTOM}
              />
              <text y={HEIGHT - BOTTOM + 16} textAnchor="middle">
                {cut(formatValue(tick.value), 9)}
              </text>
            </g>
          ))}
          {upwards.ticks.map((tick, at) => (
            <g key={at} transform={`translate(0 ${toY(tick.at)})`}>
              <line
                className="jp-Mlops-gridLine"
                x1={LEFT}
                x2={width - RIGHT}
              />
              <text x={LEFT - 8} dy="0.32em" textAnchor="end">
                {cut(formatValue(tick.value), 9)}
              </text>
            </g>
          ))}
          <text
            className="jp-Mlops-axisName"
            x={toX(0.5)}
            y={HEIGHT - 8}
            textAnchor="middle"
          >
            {cut(splitColumn(across.column)[1], 60)}
          </text>
          <text
            className="jp-Mlops-axisName"
            transform={`translate(14 ${toY(0.5)}) rotate(-90)`}
            textAnchor="middle"
          >
            {cut(splitColumn(upwards.column)[1], 32)}
          </text>
        </g>
        <g
          className="jp-Mlops-scatterPoints"
          role="listbox"
          tabIndex={0}
          aria-label={trans.__('Runs: arrows go through them, Enter opens')}
          aria-activedescendant={pointed ? rows(pointed.run) : undefined}
          onKeyDown={onKeyDown}
          onMouseLeave={() => props.onPoint('')}
        >
          <rect
            className="jp-Mlops-ground"
            x={LEFT}
            y={TOP}
            width={Math.max(0, width - LEFT - RIGHT)}
            height={HEIGHT - TOP - BOTTOM}
          />
          {points.map(({ run, x, y }) => (
            <circle
              key={run.run_id}
              id={rows(run)}
              role="option"
              aria-label={run.name}
              aria-selected={run === pointed?.run}
              data-run={run.run_id}
              className={pointClass(props.isWithin(run), run === pointed?.run)}
              cx={toX(x)}
              cy={toY(y)}
              r={run === pointed?.run ? 7 : 5}
              onMouseEnter={() => props.onPoint(run.run_id)}
              onClick={() => props.onOpen(run)}
            />
          ))}
        </g>
      </svg>
    </div>
  );
}

function pointClass(isWithin: boolean, isPointed: boolean): string {
  const faded = isWithin ? '' : ' jp-mod-faded';
  return `jp-Mlops-point${faded}${isPointed ? ' jp-mod-pointed' : ''}`;
}
