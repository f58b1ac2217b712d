/**
 * Metrics of runs to draw: what is looked at, and the points for it.
 */
import { Throttler } from '@lumino/polling';
import { VDomModel } from '@jupyterlab/ui-components';

import { Changes } from '../api/changes';
import type { Client } from '../api/client';
import { RequestRefused, ServerUnreachable } from '../api/failures';
import type { CurveAxis, ICurve, ICurves, Message } from '../api/wire';
import { spliced, toLine } from './curvelines';
import type { ICurveLine, IRange } from './curvelines';

/** Between two looks at what grew, in ms. */
const REST = 250;
/** Points of one curve; of all together; and what a curve has at least. */
const POINTS = 1600;
const IN_ALL = 16000;
const FEWEST = 300;
const PAN = 0.2;
const GROWING = 'running';

/** Asks for curves, and keeps what was answered last until there is something new. */
export class CurvesModel extends VDomModel {
  constructor(
    private readonly _client: Client,
    private readonly _workspace: string
  ) {
    super();
    this._refresh = new Throttler(() => this._lookAgain(), {
      limit: REST,
      edge: 'trailing'
    });
  }

  /** What is drawn; in the order of metrics, then of runs. */
  get lines(): readonly ICurveLine[] {
    return this._lines;
  }

  /** What is looked at; null: all there is. */
  get range(): IRange | null {
    return this._range;
  }

  /** From where to where there are points. */
  get extent(): IRange | null {
    return this._extent;
  }

  get axis(): CurveAxis {
    return this._axis;
  }

  /** Whether anything was answered yet. */
  get hasAnswer(): boolean {
    return this._hasAnswer;
  }

  /** Why nothing can be drawn; empty: it can. */
  get problem(): string {
    return this._problem;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.isListening = false;
      this._aborts.whole?.abort();
      this._aborts.part?.abort();
      this._refresh.dispose();
    }
    super.dispose();
  }

  /** Look at these metrics of these runs. */
  async show(
    runs: readonly string[],
    metrics: readonly string[]
  ): Promise<void> {
    const asked = JSON.stringify([runs, metrics]);
    if (asked === this._shown) {
      return;
    }
    this._shown = asked;
    this._runs = runs;
    this._metrics = metrics;
    await this._askAnew();
  }

  /** Let something else lie across. */
  async lie(axis: CurveAxis): Promise<void> {
    if (axis !== this._axis) {
      this._axis = axis;
      this._range = null;
      await this._askAnew();
    }
  }

  /** Look at a part; null: at everything. */
  async zoom(range: IRange | null): Promise<void> {
    this._range = range && this._within(range);
    this._draw();
    await this._askPart();
  }

  /** Look at as much, a fifth of it further. */
  async pan(direction: 1 | -1): Promise<void> {
    const { range, extent } = this;
    if (range && extent) {
      const width = range.to - range.from;
      const by = direction * PAN * width;
      const from = Math.max(
        extent.from,
        Math.min(range.from + by, extent.to - width)
      );
      await this.zoom({ from, to: from + width });
    }
  }

  /** Look at less or more, around the middle of it. */
  async magnify(factor: number): Promise<void> {
    const seen = this._range ?? this._extent;
    if (seen) {
      const middle = (seen.from + seen.to) / 2;
      const half = (seen.to - seen.from) / 2 / factor;
      await this.zoom({ from: middle - half, to: middle + half });
    }
  }

  /** Hear of news; nothing is asked otherwise. */
  set isListening(value: boolean) {
    if (value === (this._changes !== null)) {
      return;
    }
    this._changes?.dispose();
    this._changes = null;
    if (value) {
      this._changes = new Changes(this._client, this._workspace);
      this._changes.said.connect(this._onSaid, this);
    }
  }

  private _onSaid(_: Changes, message: Message): void {
    if (message.type === 'changed' && message.topics.includes('runs')) {
      void this._refresh.invoke();
    }
  }

  /** Ask again for what may have grown. */
  private async _lookAgain(): Promise<void> {
    const mayGrow =
      !this._isComplete ||
      [...this._whole.values()].some(({ status }) => status === GROWING);
    if (mayGrow && !this.isDisposed && this._hasAnswer) {
      await this._askWhole();
      await this._askPart();
    }
  }

  private async _askAnew(): Promise<void> {
    this._whole = new Map();
    this._part = null;
    this._hasAnswer = false;
    await this._askWhole();
    await this._askPart();
  }

  private async _askWhole(): Promise<void> {
    const found = await this._ask(null);
    if (found) {
      this._whole = found;
      this._isComplete =
        found.size === this._runs.length * this._metrics.length;
      this._hasAnswer = true;
      this._draw();
    }
  }

  /** Ask for what lies in the range, unless it is all there. */
  private async _askPart(): Promise<void> {
    const range = this._range;
    const isThere = [...this._whole.values()].every(({ means }) => !means);
    if (range === null || isThere) {
      this._part = null;
      return;
    }
    const curves = await this._ask(range);
    if (curves) {
      this._part = { range, curves };
      this._draw();
    }
  }

  /** Ask; null: it failed, or something else was asked meanwhile. */
  private async _ask(range: IRange | null): Promise<Curves | null> {
    const count = this._runs.length * this._metrics.length;
    if (count === 0) {
      return new Map();
    }
    const noun = range ? 'part' : 'whole';
    this._aborts[noun]?.abort();
    const abort = (this._aborts[noun] = new AbortController());
    const query = {
      workspace: this._workspace,
      runs: JSON.stringify(this._runs),
      metrics: JSON.stringify(this._metrics),
      axis: this._axis,
      points: Math.max(FEWEST, Math.min(POINTS, Math.floor(IN_ALL / count))),
      from: range?.from,
      to: range?.to
    };
    try {
      const found = await this._client.get<ICurves>(
        'curves',
        query,
        abort.signal
      );
      if (abort.signal.aborted) {
        return null;
      }
      this._problem = '';
      return new Map(found.curves.map(curve => [nameOf(curve), curve]));
    } catch (error) {
      if (!abort.signal.aborted) {
        this._fail(error);
      }
      return null;
    }
  }

  private _fail(error: unknown): void {
    const isKnown =
      error instanceof RequestRefused || error instanceof ServerUnreachable;
    this._problem = isKnown ? error.message : String(error);
    this.stateChanged.emit();
  }

  /** Make lines of what there is for what is looked at. */
  private _draw(): void {
    if (this.isDisposed) {
      return;
    }
    const lines = [...this._whole].map(([name, curve]) => {
      const whole = toLine(curve, this._axis);
      const part = this._range && this._part?.curves.get(name);
      return part && this._part
        ? spliced(whole, toLine(part, this._axis), this._part.range)
        : whole;
    });
    this._lines = lines;
    this._extent = extentOf(lines);
    this.stateChanged.emit();
  }

  private _within(range: IRange): IRange | null {
    const { extent } = this;
    if (extent === null) {
      return null;
    }
    const from = Math.max(range.from, extent.from);
    const to = Math.min(range.to, extent.to);
    const isAll = from <= extent.from && to >= extent.to;
    return isAll || !(from < to) ? null : { from, to };
  }

  private _aborts: { [noun: string]: AbortController } = {};
  private _axis: CurveAxis = 'step';
  private _changes: Changes | null = null;
  private _extent: IRange | null = null;
  private _hasAnswer = false;
  private _isComplete = false;
  private _lines: readonly ICurveLine[] = [];
  private _metrics: readonly string[] = [];
  private _part: { range: IRange; curves: Curves } | null = null;
  private _problem = '';
  private _range: IRange | null = null;
  private _refresh: Throttler;
  private _runs: readonly string[] = [];
  private _shown = '';
  private _whole: Curves = new Map();
}

type Curves = Map<string, ICurve>;

function nameOf(curve: ICurve): string {
  return `${curve.run_id} ${curve.key}`;
}

function extentOf(lines: readonly ICurveLine[]): IRange | null {
  const ends = lines.filter(({ xs }) => xs.length > 0);
  if (ends.length === 0) {
    return null;
  }
  const from = Math.min(...ends.map(({ xs }) => xs[0] as number));
  const to = Math.max(...ends.map(({ xs }) => xs[xs.length - 1] as number));
  return { from, to };
}
