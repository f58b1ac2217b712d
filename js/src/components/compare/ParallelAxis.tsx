/**
 * One of several parallel axes: ticks, name, and two handles that narrow it down.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IAxis } from '../../models/axes';
import { splitColumn } from '../../models/columns';
import { WHOLE } from '../../models/parallel';
import type { Span } from '../../models/parallel';
import { formatNumber, formatValue } from '../format';
import { cut } from './plotting';
import { scaleTitle } from './scales';

const BAND = 22;
const STEP = 0.05;
const LETTER = 6.4;
/** A pointer that moved less has clicked. */
const STILL = 0.02;

export interface IParallelAxisProps {
  axis: IAxis;
  x: number;
  top: number;
  bottom: number;
  /** How wide names may be. */
  room: number;
  span: Span | undefined;
  onNarrow: (span: Span) => void;
  onTurn: () => void;
  trans: TranslationBundle;
}

export function ParallelAxis(props: IParallelAxisProps): React.JSX.Element {
  const { axis, x, top, bottom, trans } = props;
  const [low, high] = props.span ?? WHOLE;
  const toY = (at: number): number => bottom - at * (bottom - top);
  const [, name] = splitColumn(axis.column);
  const letters = Math.floor(props.room / LETTER) - 1;
  return (
    <g className="jp-Mlops-axis" transform={`translate(${x} 0)`}>
      <text y={14} textAnchor="middle" className="jp-Mlops-axisName">
        <title>{name}</title>
        {cut(name, letters)}
      </text>
      <g
        role="button"
        tabIndex={axis.scales.length > 1 ? 0 : -1}
        aria-disabled={axis.scales.length < 2}
        aria-label={trans.__(
          'Scale of %1: %2',
          name,
          scaleTitle(axis.scale, trans)
        )}
        className="jp-Mlops-axisScale"
        onClick={props.onTurn}
        onKeyDown={event => {
          if (event.key === 'Enter' || event.key === ' ') {
            event.preventDefault();
            props.onTurn();
          }
        }}
      >
        <rect x={-26} y={18} width={52} height={15} rx={2} />
        <text y={29} textAnchor="middle">
          {scaleTitle(axis.scale, trans)}
        </text>
      </g>
      <line y1={top} y2={bottom} />
      {axis.ticks.map((tick, at) => (
        <g key={at} transform={`translate(0 ${toY(tick.at)})`}>
          <line x1={-4} x2={4} />
          <text x={-7} dy="0.32em" textAnchor="end" className="jp-Mlops-tick">
            {tickText(tick.value)}
          </text>
        </g>
      ))}
      <Brush {...props} />
      {(['low', 'high'] as const).map(end => (
        <Handle
          key={end}
          y={toY(end === 'low' ? low : high)}
          end={end}
          label={
            end === 'low'
              ? trans.__('Lower end of %1', name)
              : trans.__('Upper end of %1', name)
          }
          at={end === 'low' ? low : high}
          text={near(axis, end === 'low' ? low : high)}
          onMove={at => props.onNarrow(end === 'low' ? [at, high] : [low, at])}
          onClear={() => props.onNarrow(WHOLE)}
        />
      ))}
    </g>
  );
}

/** The band in which a pointer draws from where to where. */
function Brush(props: IParallelAxisProps): React.JSX.Element {
  const { top, bottom, span } = props;
  const begin = React.useRef<number | null>(null);
  const toAt = (event: React.PointerEvent<SVGRectElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = 1 - (event.clientY - box.top) / Math.max(1, box.height);
    // The ends are meant by whoever comes near to them.
    return at < STILL ? 0 : at > 1 - STILL ? 1 : at;
  };
  const toY = (at: number): number => bottom - at * (bottom - top);
  return (
    <>
      {span && (
        <rect
          className="jp-Mlops-brushed"
          x={-BAND / 2}
          width={BAND}
          y={toY(span[1])}
          height={Math.max(2, toY(span[0]) - toY(span[1]))}
        />
      )}
      <rect
        className="jp-Mlops-brush"
        data-column={props.axis.column}
        x={-BAND / 2}
        width={BAND}
        y={top}
        height={bottom - top}
        onPointerDown={event => {
          begin.current = toAt(event);
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={event => {
          if (begin.current !== null) {
            props.onNarrow([begin.current, toAt(event)]);
          }
        }}
        onPointerUp={event => {
          const from = begin.current;
          begin.current = null;
          if (from !== null && Math.abs(from - toAt(event)) < STILL) {
            props.onNarrow(WHOLE);
          }
        }}
      />
    </>
  );
}

interface IHandleProps {
  y: number;
  end: 'low' | 'high';
  at: number;
  label: string;
  text: string;
  onMove: (at: number) => void;
  onClear: () => void;
}

/** An end of what an axis is narrowed down to, moved by keys. */
function Handle(props: IHandleProps): React.JSX.Element {
  const { at, end } = props;
  const tip = end === 'low' ? 8 : -8;
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const steps: { [key: string]: number } = {
      ArrowUp: at + STEP,
      ArrowRight: at + STEP,
      ArrowDown: at - STEP,
      ArrowLeft: at - STEP,
      Home: 0,
      End: 1
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      props.onMove(Math.min(1, Math.max(0, Math.round(to * 100) / 100)));
    } else if (event.key === 'Escape') {
      props.onClear();
    }
  };
  return (
    <path
      className="jp-Mlops-handle"
      d={`M-7 ${props.y + tip}L7 ${props.y + tip}L0 ${props.y}Z`}
      role="slider"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(at * 100)}
      aria-valuetext={props.text}
      onKeyDown={onKeyDown}
    />
  );
}

function tickText(value: IAxis['ticks'][number]['value']): string {
  return cut(
    typeof value === 'number' ? formatNumber(value) : formatValue(value),
    9
  );
}

/** What stands nearest to a place, for those who hear it. */
function near(axis: IAxis, at: number): string {
  const [first, ...others] = axis.ticks;
  if (!first) {
    return '';
  }
  const found = others.reduce(
    (best, tick) =>
      Math.abs(tick.at - at) < Math.abs(best.at - at) ? tick : best,
    first
  );
  return formatValue(found.value);
}
