/**
 * A metric against a swept parameter, the best point marked.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IPoint } from '../api/batchwire';
import { axisOf, dotsOf } from '../models/sweep';
import type { IAxis } from '../models/sweep';
import { formatNumber, formatValue } from './format';

const WIDTH = 520;
const HEIGHT = 220;
const LEFT = 58;
const RIGHT = 16;
const TOP = 16;
const BOTTOM = 40;
const TICKS = 4;
const MOST_NAMES = 8;

export function SweepPlot(props: {
  points: readonly IPoint[];
  param: string;
  metric: string;
  best: number | null;
  onOpen: (point: IPoint) => void;
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { best, metric, param, points, trans } = props;
  const axis = axisOf(points, param);
  const dots = dotsOf(points, param, metric, axis);
  if (dots.length === 0) {
    return null;
  }
  const x = scale(
    axis.names
      ? [-0.5, axis.names.length - 0.5]
      : spread(dots.map(dot => dot.x)),
    [LEFT, WIDTH - RIGHT]
  );
  const [least, most] = spread(dots.map(dot => dot.y));
  const y = scale([least, most], [HEIGHT - BOTTOM, TOP]);
  return (
    <svg
      className="jp-Mlops-sweepPlot"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={trans.__('%1 against %2', metric, param)}
    >
      {ticks(least, most).map(value => (
        <g key={value}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(value)} y2={y(value)} />
          <text x={LEFT - 6} y={y(value) + 3} textAnchor="end">
            {formatNumber(value)}
          </text>
        </g>
      ))}
      <Below axis={axis} xs={dots.map(dot => dot.x)} x={x} />
      <text className="jp-mod-title" x={(LEFT + WIDTH) / 2} y={HEIGHT - 6}>
        {param}
      </text>
      <text className="jp-mod-title" x={LEFT} y={10} textAnchor="start">
        {metric}
      </text>
      {dots.map(dot => {
        const isBest = dot.point.point === best;
        const said = `${param} ${formatValue(dot.point.params[param])}: ${metric} ${formatNumber(dot.y)}`;
        return (
          <g
            key={dot.point.point}
            className={isBest ? 'jp-Mlops-dot jp-mod-best' : 'jp-Mlops-dot'}
            transform={`translate(${x(dot.x)} ${y(dot.y)})`}
            onClick={() => props.onOpen(dot.point)}
          >
            <title>{isBest ? trans.__('Best. %1', said) : said}</title>
            {isBest && <circle r="8" className="jp-mod-ring" />}
            <circle r="4" />
          </g>
        );
      })}
    </svg>
  );
}

function Below(props: {
  axis: IAxis;
  xs: number[];
  x: (value: number) => number;
}): React.JSX.Element {
  const { axis, x } = props;
  const shown = axis.names
    ? axis.names.map((name, at) => [at, name] as const)
    : [...new Set(props.xs)]
        .sort((a, b) => a - b)
        .map(
          value =>
            [
              value,
              formatNumber(
                axis.isLog ? Number((10 ** value).toPrecision(4)) : value
              )
            ] as const
        );
  const step = Math.ceil(shown.length / MOST_NAMES);
  return (
    <>
      {shown
        .filter((_, at) => at % step === 0)
        .map(([at, name]) => (
          <text key={at} x={x(at)} y={HEIGHT - BOTTOM + 15}>
            {name.length > 12 ? `${name.slice(0, 11)}…` : name}
          </text>
        ))}
    </>
  );
}

/** From the least to the greatest, with room for a dot; never empty. */
function spread(values: number[]): [number, number] {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const room = (most - least) * 0.06 || Math.abs(most) * 0.1 || 1;
  return [least - room, most + room];
}

function scale(
  [from, to]: [number, number],
  [start, end]: [number, number]
): (value: number) => number {
  return value => start + ((value - from) / (to - from)) * (end - start);
}

/** Round numbers between two. */
function ticks(least: number, most: number): number[] {
  const rough = (most - least) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(one => one * power).find(one => one >= rough);
  const found: number[] = [];
  const size = step ?? rough;
  for (let at = Math.ceil(least / size); at * size <= most; at += 1) {
    found.push(Number((at * size).toPrecision(12)));
  }
  return found;
}
