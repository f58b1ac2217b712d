/**
 * One chart with its legend; the canvas is uPlot's, everything else is here.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ICurveLine, IRange } from '../models/curvelines';
import type { CurvesModel } from '../models/curves';
import { smoothed } from '../models/smoothing';
import type { CurvePlot, IDrawing } from '../widgets/curveplot';
import { CurveLegend } from './CurveLegend';
import type { ICurveLook, ICurveRun } from './Curves';

export interface ICurveChartProps {
  model: CurvesModel;
  runs: readonly ICurveRun[];
  metrics: readonly string[];
  look: ICurveLook;
  hidden: ReadonlySet<string>;
  /** The name of the charts that share a cursor. */
  group: string;
  onHide: (name: string) => void;
  trans: TranslationBundle;
}

const NEARER = 2;

export function CurveChart(props: ICurveChartProps): React.JSX.Element {
  const { model, metrics, trans } = props;
  const [cursor, setCursor] = React.useState<number | null>(null);
  const [focus, setFocus] = React.useState(-1);
  const drawing = useDrawing(props, focus);
  const host = usePlot(drawing, props.group, {
    onZoom: range => void model.zoom(range),
    onReset: () => void model.zoom(null),
    onCursor: setCursor
  });
  const title = metrics.join(', ');
  return (
    <figure className="jp-Mlops-chart" aria-label={title}>
      <figcaption>{title}</figcaption>
      <div
        ref={host}
        className="jp-Mlops-plot"
        tabIndex={0}
        role="group"
        aria-busy={!model.hasAnswer}
        aria-roledescription={trans.__('chart')}
        aria-label={trans.__(
          '%1: arrows move, plus and minus zoom, Escape shows everything',
          title
        )}
        onKeyDown={event => onKey(event, model)}
      />
      {model.hasAnswer && drawing.lines.length === 0 && (
        <p>{trans.__('No points yet.')}</p>
      )}
      <CurveLegend
        drawing={drawing}
        runs={props.runs}
        isNamed={metrics.length > 1}
        cursor={cursor}
        onHide={props.onHide}
        onFocus={setFocus}
        trans={trans}
      />
    </figure>
  );
}

/** What of the model's lines is drawn here, and how. */
function useDrawing(props: ICurveChartProps, focus: number): IDrawing {
  const { model, look, runs, metrics, hidden } = props;
  const lines = React.useMemo(
    () => model.lines.filter(({ key }) => metrics.includes(key)),
    [model.lines, metrics.join('\n')]
  );
  const smooth = React.useMemo(
    () =>
      look.smoothing > 0
        ? lines.map(({ base }) => smoothed(base, look.smoothing))
        : [],
    [lines, look.smoothing > 0 && look.smoothing]
  );
  const styles = lines.map(line => styleOf(line, runs, metrics));
  const { axis, range, extent } = model;
  const { isLog } = look;
  return { lines, smooth, styles, hidden, focus, axis, isLog, range, extent };
}

/** A run looks the same in every chart, however many there are. */
function styleOf(
  line: ICurveLine,
  runs: readonly ICurveRun[],
  metrics: readonly string[]
): number {
  const run = runs.findIndex(({ run_id }) => run_id === line.runId);
  return run * metrics.length + metrics.indexOf(line.key);
}

interface IPlotEvents {
  onZoom: (range: IRange) => void;
  onReset: () => void;
  onCursor: (x: number | null) => void;
}

/** Draw into the element that is given back. */
function usePlot(
  drawing: IDrawing,
  group: string,
  events: IPlotEvents
): React.RefObject<HTMLDivElement> {
  const host = React.useRef<HTMLDivElement>(null);
  const plot = React.useRef<CurvePlot | null>(null);
  const latest = React.useRef({ drawing, events });
  latest.current = { drawing, events };
  React.useEffect(() => {
    let isGone = false;
    void import('../widgets/curveplot').then(({ CurvePlot }) => {
      if (!isGone && host.current) {
        plot.current = new CurvePlot(
          host.current,
          {
            onZoom: range => latest.current.events.onZoom(range),
            onReset: () => latest.current.events.onReset(),
            onCursor: x => latest.current.events.onCursor(x)
          },
          group
        );
        plot.current.draw(latest.current.drawing);
      }
    });
    return () => {
      isGone = true;
      plot.current?.dispose();
      plot.current = null;
    };
  }, []);
  React.useLayoutEffect(() => {
    plot.current?.draw(drawing);
  });
  return host;
}

function onKey(event: React.KeyboardEvent, model: CurvesModel): void {
  const does: { [key: string]: () => Promise<void> } = {
    ArrowLeft: () => model.pan(-1),
    ArrowRight: () => model.pan(1),
    '+': () => model.magnify(NEARER),
    '=': () => model.magnify(NEARER),
    '-': () => model.magnify(1 / NEARER),
    '0': () => model.zoom(null),
    Escape: () => model.zoom(null)
  };
  const action = does[event.key];
  if (action && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    event.stopPropagation();
    void action();
  }
}
