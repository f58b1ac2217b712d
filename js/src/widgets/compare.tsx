/**
 * The inside of a comparison's tab: loaded when the first one is opened.
 */
import * as React from 'react';
import { jupyterHighlightStyle } from '@jupyterlab/codemirror';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { IOutput } from '@jupyterlab/nbformat';
import { OutputAreaModel, SimplifiedOutputArea } from '@jupyterlab/outputarea';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Throttler } from '@lumino/polling';
import type { Widget } from '@lumino/widgets';

import { Changes } from '../api/changes';
import type { IRun, Message as Said } from '../api/wire';
import { CompareView } from '../components/compare/CompareView';
import type { IToken } from '../components/compare/DiffCode';
import type { ComparisonModel } from '../models/comparison';

/** Between two looks at runs that go on, in ms. */
const REST = 1000;
const PYTHON = 'text/x-ipython';
const STYLES = 'jp-mlops-code-colours';

export interface ICompareTools {
  rendermime: IRenderMimeRegistry;
  languages: IEditorLanguageRegistry | null;
  onOpen: (run: IRun, workspace: string) => void;
  trans: TranslationBundle;
}

/** Runs compared, as React draws them; looks again while one of them goes on. */
export class CompareContent extends ReactWidget {
  constructor(
    readonly model: ComparisonModel,
    private readonly _tools: ICompareTools
  ) {
    super();
    this.addClass('jp-Mlops-compareView');
    this._rendermime = this._tools.rendermime.clone();
    this._refresh = new Throttler(() => this.model.refresh(), {
      limit: REST,
      edge: 'trailing'
    });
    this.model.stateChanged.connect(this._listen, this);
    void this.model.refresh();
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._hangUp();
    this._refresh.dispose();
    this.model.stateChanged.disconnect(this._listen, this);
    this.model.dispose();
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._listen();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this._hangUp();
  }

  protected override render(): React.JSX.Element {
    return (
      <CompareView
        model={this.model}
        colour={this._colour}
        draw={this._draw}
        onOpen={run => this._tools.onOpen(run, this.model.compared.workspace)}
        trans={this._tools.trans}
      />
    );
  }

  /** Hear of changes as long as a run goes on and somebody looks. */
  private _listen(): void {
    const { isRunning, client, compared } = this.model;
    if (!isRunning || !this.isVisible) {
      this._hangUp();
    } else if (!this._changes) {
      this._changes = new Changes(client, compared.workspace);
      this._changes.said.connect(this._onSaid, this);
    }
  }

  private _onSaid(_: Changes, said: Said): void {
    if (said.type === 'changed' && said.topics.includes('runs')) {
      void this._refresh.invoke();
    }
  }

  private _hangUp(): void {
    this._changes?.dispose();
    this._changes = null;
  }

  /** An output as it was; no script of its runs. */
  private readonly _draw = (output: IOutput): Widget => {
    const model = new OutputAreaModel({
      trusted: false,
      values: [{ ...output, metadata: {} }]
    });
    const area = new SimplifiedOutputArea({
      model,
      rendermime: this._rendermime
    });
    area.disposed.connect(() => model.dispose());
    return area;
  };

  /** Python in JupyterLab's colours, by line. */
  private readonly _colour = async (code: string): Promise<IToken[][]> => {
    const { languages } = this._tools;
    const language = languages?.findByMIME(PYTHON);
    if (!languages || !language) {
      return [];
    }
    await languages.getLanguage(language);
    addColours();
    const shown = document.createElement('code');
    await languages.highlight(code, language, shown);
    return toLines(shown.childNodes);
  };

  private _changes: Changes | null = null;
  private readonly _refresh: Throttler;
  private readonly _rendermime: IRenderMimeRegistry;
}

/** Break pieces of code into lines. */
function toLines(nodes: Iterable<ChildNode>): IToken[][] {
  const lines: IToken[][] = [[]];
  for (const node of nodes) {
    const className = node instanceof Element ? node.className : '';
    (node.textContent ?? '').split('\n').forEach((text, at) => {
      if (at > 0) {
        lines.push([]);
      }
      if (text) {
        lines[lines.length - 1]?.push({ text, className });
      }
    });
  }
  return lines;
}

/** Colours come with the first editor; there may be none yet. */
function addColours(): void {
  const rules = jupyterHighlightStyle.module?.getRules();
  if (rules && !document.getElementById(STYLES)) {
    const style = document.createElement('style');
    style.id = STYLES;
    style.textContent = rules;
    document.head.append(style);
  }
}
