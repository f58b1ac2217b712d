/**
 * Lines on a canvas, by uPlot: loaded when curves are first shown.
 */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { IDisposable } from '@lumino/disposable';

import type { CurveAxis } from '../api/wire';
import { formatNumber } from '../components/format';
import { aligned, positive } from '../models/curvelines';
import type { ICurveLine, ILine, IRange } from '../models/curvelines';
import { formatClock, formatStep } from './curveaxis';
import { curveStyle, readPalette } from './curvestyle';
import type { IPalette } from './curvestyle';

const FAINT = 0.28;
const ASIDE = 0.2;
const CLOSEST = 8;
const MARK = 4;

/** What is drawn, and how. */
export interface IDrawing {
  lines: readonly ICurveLine[];
  /** Smoother lines, drawn over the faint ones; empty: none. */
  smooth: readonly ILine[];
  /** The number of each line's style. */
  styles: readonly number[];
  hidden: ReadonlySet<string>;
  /** The line that is told apart from the others; -1: none. */
  focus: number;
  axis: CurveAxis;
  isLog: boolean;
  range: IRange | null;
  extent: IRange | null;
}

/** What a user does with it. */
export interface ICurvePlotEvents {
  onZoom: (range: IRange) => void;
  onReset: () => void;
  /** Where the cursor is on the axis; null: nowhere. */
  onCursor: (x: number | null) => void;
}

/** One chart; drawings may follow one another as fast as one likes. */
export class CurvePlot implements IDisposable {
  constructor(
    private readonly _host: HTMLElement,
    private readonly _events: ICurvePlotEvents,
    /** The name of those that share a cursor. */
    private readonly _group: string
  ) {
    this._palette = readPalette(_host);
    this._resizes = new ResizeObserver(() => this._fit());
    this._resizes.observe(_host);
    this._themes = new MutationObserver(() => this._recolour());
    this._themes.observe(document.body, {
      attributeFilter: ['data-jp-theme-name', 'data-jp-theme-light']
    });
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._resizes.disconnect();
      this._themes.disconnect();
      this._plot?.destroy();
      this._plot = null;
    }
  }

  /** Draw; what is there stays as it is as far as it is the same. */
  draw(drawing: IDrawing): void {
    const isEmpty = this._plot === null && drawing.lines.length === 0;
    if (this._isDisposed || isEmpty) {
      return;
    }
    const before = this._drawing;
    this._drawing = drawing;
    const look = lookOf(drawing);
    if (this._plot === null || look !== this._look) {
      this._look = look;
      this._make();
    } else if (before?.lines !== drawing.lines || isSmoother(before, drawing)) {
      this._plot.setData(toData(drawing), true);
    } else if (before?.range !== drawing.range) {
      this._plot.setData(this._plot.data, true);
    }
    if (before?.focus !== drawing.focus) {
      this._focus(drawing.focus);
    }
  }

  private _make(): void {
    this._plot?.destroy();
    const drawing = this._drawing as IDrawing;
    const { clientWidth, clientHeight } = this._host;
    const options: uPlot.Options = {
      width: Math.max(clientWidth, 1),
      height: Math.max(clientHeight, 1),
      legend: { show: false },
      focus: { alpha: ASIDE },
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: CLOSEST / 2 },
        points: { size: 6 },
        sync: {
          key: this._group,
          setSeries: false,
          scales: ['x', null],
          // Charts of a group share the cursor; what is dragged they are told.
          filters: { pub: type => type.startsWith('mouse') && !isPress(type) }
        },
        bind: {
          dblclick: () => () => {
            this._events.onReset();
            return null;
          }
        }
      },
      scales: {
        x: {
          time: drawing.axis === 'time',
          range: (_, low, high) => this._x([low, high])
        },
        y: drawing.isLog ? { distr: 3 } : {}
      },
      axes: this._axes(drawing),
      series: [{}, ...this._series(drawing)],
      hooks: {
        setSelect: [plot => this._onSelect(plot)],
        setCursor: [plot => this._onCursor(plot)],
        draw: [
          plot => {
            this._drawOdd(plot);
            this._tell(plot);
          }
        ]
      }
    };
    this._plot = new uPlot(options, toData(drawing), this._host);
  }

  /** From where to where the x axis goes: what is looked at, else all there is. */
  private _x([low, high]: (number | null)[]): [number, number] {
    const { range, extent } = this._drawing as IDrawing;
    const from = range?.from ?? extent?.from ?? low ?? 0;
    const to = range?.to ?? extent?.to ?? high ?? 1;
    return from < to ? [from, to] : [from - 0.5, to + 0.5];
  }

  private _series(drawing: IDrawing): uPlot.Series[] {
    const hasSmooth = drawing.smooth.length > 0;
    const made = (
      line: ICurveLine,
      at: number,
      isRaw: boolean
    ): uPlot.Series => {
      const style = drawing.styles[at] as number;
      return {
        show: !drawing.hidden.has(nameOf(line)),
        stroke: () => this._palette.lines[curveStyle(style).colour] as string,
        width: isRaw && hasSmooth ? 1 : 1.5,
        alpha: isRaw && hasSmooth ? FAINT : 1,
        dash: isRaw && hasSmooth ? [] : curveStyle(style).dash,
        points: isRaw && hasSmooth ? { show: false } : { size: 5 }
      };
    };
    const raw = drawing.lines.map((line, at) => made(line, at, true));
    const smooth = drawing.smooth.map((_, at) =>
      made(drawing.lines[at] as ICurveLine, at, false)
    );
    return [...raw, ...smooth];
  }

  private _axes(drawing: IDrawing): uPlot.Axis[] {
    const shared: uPlot.Axis = {
      stroke: () => this._palette.text,
      font: this._palette.font,
      grid: { stroke: () => this._palette.grid, width: 1 },
      ticks: { stroke: () => this._palette.grid, width: 1, size: 4 }
    };
    const x: uPlot.Axis =
      drawing.axis === 'time'
        ? {}
        : {
            values: (_, splits) =>
              splits.map(at =>
                drawing.axis === 'age' ? formatClock(at) : formatStep(at)
              )
          };
    const y: uPlot.Axis = {
      size: 62,
      values: (_, splits) =>
        splits.map(at => (at === null ? '' : formatNumber(at)))
    };
    return [
      { ...shared, ...x },
      { ...shared, ...y }
    ];
  }

  /** Signs at the edge for values that have no place on the axis. */
  private _drawOdd(plot: uPlot): void {
    const { lines, styles, hidden } = this._drawing as IDrawing;
    const { ctx, bbox } = plot;
    const size = MARK * uPlot.pxRatio;
    ctx.save();
    ctx.lineWidth = 1.5 * uPlot.pxRatio;
    ctx.setLineDash([]);
    lines.forEach((line, at) => {
      if (hidden.has(nameOf(line))) {
        return;
      }
      const colour = curveStyle(styles[at] as number).colour;
      ctx.strokeStyle = this._palette.lines[colour] as string;
      for (const { x, value } of line.odd) {
        const left = plot.valToPos(x, 'x', true);
        if (left >= bbox.left && left <= bbox.left + bbox.width) {
          const isTop = value === Infinity;
          const top = isTop
            ? bbox.top + 2 * size
            : bbox.top + bbox.height - 2 * size;
          drawSign(ctx, value, left, top, size);
        }
      }
    });
    ctx.restore();
  }

  /** Say what is drawn now: how many points, and from where to where. */
  private _tell(plot: uPlot): void {
    const { lines } = this._drawing as IDrawing;
    const { min, max } = plot.scales.x as uPlot.Scale;
    const total = lines.reduce((sum, line) => sum + line.total, 0);
    this._host.dataset.points = String(total);
    this._host.dataset.range = `${min} ${max}`;
  }

  private _onSelect(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < CLOSEST / 2) {
      return;
    }
    const from = plot.posToVal(left, 'x');
    const to = plot.posToVal(left + width, 'x');
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this._events.onZoom({ from, to });
  }

  private _onCursor(plot: uPlot): void {
    const { left } = plot.cursor;
    const isIn = left !== undefined && left >= 0;
    this._events.onCursor(isIn ? plot.posToVal(left, 'x') : null);
  }

  private _focus(line: number): void {
    const plot = this._plot;
    const drawing = this._drawing;
    if (plot && drawing) {
      const shift = drawing.smooth.length > 0 ? drawing.lines.length : 0;
      plot.setSeries(line < 0 ? null : line + shift + 1, { focus: true });
    }
  }

  private _fit(): void {
    const { clientWidth: width, clientHeight: height } = this._host;
    if (this._plot && width > 0 && height > 0) {
      this._plot.setSize({ width, height });
    }
  }

  private _recolour(): void {
    this._palette = readPalette(this._host);
    this._plot?.redraw(false, true);
  }

  private _drawing: IDrawing | null = null;
  private _isDisposed = false;
  private _look = '';
  private _palette: IPalette;
  private _plot: uPlot | null = null;
  private _resizes: ResizeObserver;
  private _themes: MutationObserver;
}

/** The name of a line among others. */
export function nameOf(line: { runId: string; key: string }): string {
  return `${line.runId} ${line.key}`;
}

function isPress(type: string): boolean {
  return type === 'mousedown' || type === 'mouseup';
}

/** What cannot be changed without making the chart anew. */
function lookOf(drawing: IDrawing): string {
  return JSON.stringify([
    drawing.lines.map(nameOf),
    drawing.styles,
    [...drawing.hidden],
    drawing.smooth.length > 0,
    drawing.axis,
    drawing.isLog
  ]);
}

function isSmoother(before: IDrawing | null, now: IDrawing): boolean {
  return before?.smooth !== now.smooth;
}

function toData(drawing: IDrawing): uPlot.AlignedData {
  const all = [...drawing.lines, ...drawing.smooth];
  return aligned(drawing.isLog ? all.map(positive) : all);
}

/** A cross where a value is NaN, an arrow where it is infinite. */
function drawSign(
  ctx: CanvasRenderingContext2D,
  value: number,
  left: number,
  top: number,
  size: number
): void {
  ctx.beginPath();
  if (Number.isNaN(value)) {
    ctx.moveTo(left - size, top - size);
    ctx.lineTo(left + size, top + size);
    ctx.moveTo(left - size, top + size);
    ctx.lineTo(left + size, top - size);
  } else {
    const tip = value > 0 ? -size : size;
    ctx.moveTo(left - size, top - tip);
    ctx.lineTo(left, top + tip);
    ctx.lineTo(left + size, top - tip);
  }
  ctx.stroke();
}
