/**
 * The cells of a run, read-only: JupyterLab's own, filled in as the run goes on.
 */
import { CodeCell, CodeCellModel, Cell } from '@jupyterlab/cells';
import type { IOutput } from '@jupyterlab/nbformat';
import type { IOutputAreaModel } from '@jupyterlab/outputarea';
import { Panel } from '@lumino/widgets';

import type { ILiveCell } from '../api/batchwire';
import { formatSeconds } from '../components/format';
import type { LiveModel } from '../models/live';
import type { IBatchPlace } from './batchplace';

const TICK = 500;
/** In a text as JSON: letters that go back in what stands there. */
const OVERWRITES = /\\[rb]/;

/** A cell's widget, and what of it is shown. */
interface IShown {
  widget: CodeCell;
  cell: ILiveCell;
  foot: HTMLElement;
}

/** Shows cells as they come; outputs are never trusted. */
export class LiveCells extends Panel {
  constructor(
    private readonly _model: LiveModel,
    private readonly _place: IBatchPlace
  ) {
    super();
    this.addClass('jp-Mlops-cells');
    this.addClass('jp-Notebook');
    this.node.tabIndex = 0;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', _place.trans.__('Cells'));
    _model.stateChanged.connect(this._update, this);
    this._timer = window.setInterval(() => this._tick(), TICK);
    const { mimeTypeService } = _place.editors;
    this._mimeType = mimeTypeService.getMimeTypeByLanguage({
      name: 'ipython',
      version: 3
    });
    this._factory = new Cell.ContentFactory({
      editorFactory: _place.editors.factoryService.newInlineEditor
    });
  }

  /** Keep the cell that runs in sight. */
  isFollowing = true;

  override dispose(): void {
    if (!this.isDisposed) {
      window.clearInterval(this._timer);
      this._model.stateChanged.disconnect(this._update, this);
    }
    super.dispose();
  }

  private _update(): void {
    if (this._model.cells.size < this._shown.size) {
      this._clear();
    }
    const current = this._model.live?.current ?? null;
    const places = [...this._model.cells.keys()].sort((a, b) => a - b);
    for (const at of places) {
      const cell = this._model.cells.get(at);
      if (cell) {
        this._show(cell);
      }
    }
    for (const [at, { widget }] of this._shown) {
      const isCurrent = at === current;
      widget.toggleClass('jp-mod-current', isCurrent);
      widget.node.toggleAttribute('aria-current', isCurrent);
    }
    this._follow(current);
  }

  private _show(cell: ILiveCell): void {
    const shown = this._shown.get(cell.position);
    if (shown?.cell === cell) {
      return;
    }
    const { widget, foot } = shown ?? this._make(cell);
    const model = widget.model;
    if (shown?.cell.source !== cell.source) {
      model.sharedModel.setSource(cell.source);
    }
    redraw(model.outputs, shown?.cell.outputs ?? [], cell.outputs);
    model.executionCount = cell.execution_count;
    const count = String(cell.execution_count ?? '');
    widget.setPrompt(cell.status === 'running' ? '*' : count);
    widget.node.dataset.status = cell.status;
    this._shown.set(cell.position, { widget, cell, foot });
    foot.textContent = this._words(cell);
  }

  private _make(cell: ILiveCell): { widget: CodeCell; foot: HTMLElement } {
    const model = new CodeCellModel();
    model.mimeType = this._mimeType;
    model.trusted = false;
    const widget = new CodeCell({
      model,
      rendermime: this._place.rendermime,
      contentFactory: this._factory,
      editorConfig: { readOnly: true, lineNumbers: false }
    }).initializeState();
    widget.readOnly = true;
    widget.addClass('jp-Mlops-liveCell');
    const foot = document.createElement('div');
    foot.className = 'jp-Mlops-cellFoot';
    widget.node.append(foot);
    const before = [...this._shown.keys()].filter(at => at < cell.position);
    this.insertWidget(before.length, widget);
    widget.disposed.connect(() => model.dispose());
    return { widget, foot };
  }

  /** What stands under a cell: how long it took, or runs, and may still. */
  private _words(cell: ILiveCell): string {
    const { trans } = this._place;
    if (cell.is_restored) {
      return trans.__('restored, not run again');
    }
    const clock = this._model.clock(cell);
    if (cell.status !== 'running') {
      return clock >= 0.05 ? formatSeconds(clock) : '';
    }
    return cell.expected === null
      ? formatSeconds(clock)
      : trans.__(
          '%1 of about %2',
          formatSeconds(clock),
          formatSeconds(cell.expected)
        );
  }

  private _tick(): void {
    const current = this._model.live?.current ?? null;
    const shown = current === null ? undefined : this._shown.get(current);
    if (shown && this.isVisible && this._model.isRunning) {
      shown.foot.textContent = this._words(shown.cell);
    }
  }

  private _follow(current: number | null): void {
    const shown = current === null ? undefined : this._shown.get(current);
    if (shown && this.isFollowing && this.isVisible) {
      shown.widget.node.scrollIntoView({ block: 'nearest' });
    }
  }

  private _clear(): void {
    for (const { widget } of this._shown.values()) {
      widget.dispose();
    }
    this._shown.clear();
  }

  private readonly _factory: Cell.ContentFactory;
  private readonly _mimeType: string;
  private _shown = new Map<number, IShown>();
  private readonly _timer: number;
}

/** Draw outputs anew that are not as before: a picture above a growing text stays. */
function redraw(
  area: IOutputAreaModel,
  before: ILiveCell['outputs'],
  now: ILiveCell['outputs']
): void {
  const outputs = now as unknown as IOutput[];
  const changed = outputs.flatMap((output, at) =>
    JSON.stringify(output) === JSON.stringify(before[at]) ? [] : [at]
  );
  // Only all of them together are joined, and overwritten, as in a notebook.
  const isPlain = changed.every(
    at =>
      !OVERWRITES.test(JSON.stringify(outputs[at]?.text ?? '')) &&
      (at >= before.length ||
        before[at]?.output_type === outputs[at]?.output_type)
  );
  if (area.length !== before.length || now.length < before.length || !isPlain) {
    area.fromJSON(outputs);
    return;
  }
  for (const at of changed) {
    if (at < area.length) {
      area.set(at, outputs[at]!);
    } else {
      area.add(outputs[at]!);
    }
  }
}
