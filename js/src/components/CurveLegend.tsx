/**
 * What the lines are, and their values: at the cursor, and in all.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import { valueNear } from '../models/curvelines';
import type { ICurveLine } from '../models/curvelines';
import type { IDrawing } from '../widgets/curveplot';
import { curveStyle } from '../widgets/curvestyle';
import type { ICurveRun } from './Curves';
import { formatNumber } from './format';

export interface ICurveLegendProps {
  drawing: IDrawing;
  runs: readonly ICurveRun[];
  /** Whether metrics are named, too. */
  isNamed: boolean;
  /** Where on the axis the cursor is. */
  cursor: number | null;
  onHide: (name: string) => void;
  onFocus: (line: number) => void;
  trans: TranslationBundle;
}

export function CurveLegend(props: ICurveLegendProps): React.JSX.Element {
  const { drawing, cursor, trans } = props;
  return (
    <table className="jp-Mlops-legend" onMouseLeave={() => props.onFocus(-1)}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Curve')}</th>
          <th scope="col">
            {cursor === null ? trans.__('Last') : trans.__('Here')}
          </th>
          <th scope="col">{trans.__('Least')}</th>
          <th scope="col">{trans.__('Greatest')}</th>
          <th scope="col">{trans.__('Points')}</th>
        </tr>
      </thead>
      <tbody>
        {drawing.lines.map((line, at) => (
          <Row key={nameOf(line)} {...props} line={line} at={at} />
        ))}
      </tbody>
    </table>
  );
}

function Row(
  props: ICurveLegendProps & { line: ICurveLine; at: number }
): React.JSX.Element {
  const { drawing, line, at, cursor, trans } = props;
  const name = nameOf(line);
  const isHidden = drawing.hidden.has(name);
  const shown = drawing.smooth[at] ?? line;
  const [least, greatest] = React.useMemo(() => extremes(line), [line]);
  const run = props.runs.find(({ run_id }) => run_id === line.runId);
  const label = props.isNamed
    ? `${run?.label ?? line.runId} · ${line.key}`
    : (run?.label ?? line.runId);
  return (
    <tr onMouseEnter={() => props.onFocus(at)}>
      <th scope="row">
        <button
          type="button"
          aria-pressed={!isHidden}
          title={trans.__('Show or hide it')}
          onClick={() => props.onHide(name)}
        >
          <Sample style={drawing.styles[at] as number} />
          <span>{label}</span>
        </button>
      </th>
      <td>
        {written(cursor === null ? last(shown.ys) : valueNear(shown, cursor))}
      </td>
      <td>{written(least)}</td>
      <td>{written(greatest)}</td>
      <td>
        {line.total.toLocaleString()}
        {line.odd.length > 0 && (
          <span title={trans.__('Points that are no finite number')}> ✕</span>
        )}
      </td>
    </tr>
  );
}

/** A bit of the line. */
function Sample(props: { style: number }): React.JSX.Element {
  const { variable, dash } = curveStyle(props.style);
  return (
    <svg viewBox="0 0 28 8" width="28" height="8" aria-hidden="true">
      <path
        d="M0 4h28"
        fill="none"
        strokeWidth="2"
        strokeDasharray={dash.join(' ')}
        style={{ stroke: `var(${variable})` }}
      />
    </svg>
  );
}

function nameOf(line: ICurveLine): string {
  return `${line.runId} ${line.key}`;
}

function written(value: number | null): string {
  return value === null ? '–' : formatNumber(value);
}

function last(ys: readonly (number | null)[]): number | null {
  for (let at = ys.length - 1; at >= 0; at--) {
    const y = ys[at];
    if (y !== null && y !== undefined) {
      return y;
    }
  }
  return null;
}

function extremes(line: ICurveLine): [number | null, number | null] {
  let least: number | null = null;
  let greatest: number | null = null;
  for (const y of line.ys) {
    if (y !== null) {
      least = least === null || y < least ? y : least;
      greatest = greatest === null || y > greatest ? y : greatest;
    }
  }
  return [least, greatest];
}
