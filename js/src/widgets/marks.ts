/**
 * The marks in the margin of a notebook's cells.
 */
import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';

import type { IMark, RunStatus } from '../api/wire';
import { formatAgo, formatNumber } from '../components/format';
import { standingOf } from '../models/marks';
import type { IStanding, MarksModel } from '../models/marks';
import { hasChanged } from '../models/trackline';

const SIGNS: { [status in RunStatus]: string } = {
  finished: '✓',
  failed: '✗',
  cancelled: '◼',
  lost: '?',
  running: '…'
};
const MARKED = 'jp-mod-mlopsMarked';
/** From so many lines on, a second line of the mark has room beside the cell. */
const TALL = 3;

/** Keeps the marks of one notebook as its model has them. */
export class NotebookMarks implements IDisposable {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _model: MarksModel,
    private readonly _trans: TranslationBundle,
    private readonly _open: (mark: IMark) => void
  ) {
    _model.stateChanged.connect(this._draw, this);
    _panel.content.modelContentChanged.connect(this._draw, this);
    _panel.context.pathChanged.connect(this._onPath, this);
    _panel.disposed.connect(() => this.dispose());
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._model.stateChanged.disconnect(this._draw, this);
    this._model.dispose();
    for (const node of this._nodes.values()) {
      node.remove();
    }
    this._nodes.clear();
  }

  private _onPath(): void {
    this._model.path = this._panel.context.path;
  }

  /** Bring all marks up to date; a burst of changes is drawn once. */
  private _draw(): void {
    if (this._frame === 0) {
      this._frame = requestAnimationFrame(() => {
        this._frame = 0;
        if (!this._isDisposed && !this._panel.isDisposed) {
          this._panel.content.widgets.forEach(cell => this._drawCell(cell));
        }
      });
    }
  }

  private _drawCell(cell: Cell): void {
    const id = cell.model.id;
    const mark = this._model.mark(id);
    const known = this._nodes.get(id);
    if (mark === undefined || cell.model.type !== 'code') {
      known?.remove();
      this._nodes.delete(id);
      cell.removeClass(MARKED);
      return;
    }
    const node = known ?? document.createElement('button');
    if (known === undefined) {
      this._nodes.set(id, node);
    }
    // A cell that was moved has a new widget.
    if (node.parentElement !== cell.node) {
      cell.node.append(node);
      cell.addClass(MARKED);
    }
    this._fill(node, mark, cell.model.sharedModel.getSource());
  }

  private _fill(node: HTMLElement, mark: IMark, source: string): void {
    const isStale = hasChanged(mark.source, source);
    const standing = standingOf(mark);
    const words = describe(mark, standing, isStale, this._trans);
    if (node.title === words) {
      return;
    }
    node.className = `jp-Mlops-mark jp-mod-${mark.status}`;
    node.classList.toggle('jp-mod-stale', isStale);
    node.title = words;
    node.setAttribute('aria-label', words);
    // Reached by a command: the Tab key belongs to the notebook.
    node.tabIndex = -1;
    node.onclick = () => this._open(mark);
    const first = document.createElement('span');
    first.textContent = [
      isStale ? '≠' : SIGNS[mark.status],
      standing ? formatNumber(standing.value) : ''
    ].join(' ');
    const second = document.createElement('span');
    const isTall = source.split('\n').length >= TALL;
    second.textContent = isTall && standing ? changeText(standing) : '';
    node.replaceChildren(first, second);
  }

  private _frame = 0;
  private _isDisposed = false;
  private _nodes = new Map<string, HTMLElement>();
}

/** The change against the best, as the card under a cell writes it. */
function changeText(standing: IStanding): string {
  if (standing.change === null) {
    return '';
  }
  if (standing.change === 0) {
    return '★';
  }
  const sign = standing.change > 0 ? '+' : '−';
  return sign + formatNumber(Math.abs(standing.change));
}

/** Everything in words: for the pointer that rests, and for screen readers. */
function describe(
  mark: IMark,
  standing: IStanding | null,
  isStale: boolean,
  trans: TranslationBundle
): string {
  const ago = formatAgo(mark.started, trans);
  const lines = [trans.__('Run %1: %2, %3', mark.name, mark.status, ago)];
  if (standing !== null) {
    const value = `${standing.key} ${formatNumber(standing.value)}`;
    lines.push(
      standing.change === null
        ? value
        : standing.change === 0
          ? trans.__('%1, the best of the experiment', value)
          : trans.__('%1, %2 to the best', value, changeText(standing))
    );
  }
  if (isStale) {
    lines.push(trans.__('The cell was changed since.'));
  }
  lines.push(...Object.values(mark.badges));
  return lines.join('\n');
}
