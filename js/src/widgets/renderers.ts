/**
 * What draws code and outputs, by JupyterLab's own means.
 */
import { CodeEditor } from '@jupyterlab/codeeditor';
import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { IOutput } from '@jupyterlab/nbformat';
import { OutputAreaModel, SimplifiedOutputArea } from '@jupyterlab/outputarea';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ITranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { safeSvgFactory } from './safesvg';

const MOST_OUTPUTS = 50;

/** Draws code and outputs that were recorded: read-only, and untrusted. */
export class Renderers {
  constructor(
    rendermime: IRenderMimeRegistry,
    private readonly _editors: IEditorServices,
    private readonly _translator: ITranslator | undefined
  ) {
    // Links in outputs lead nowhere that the outputs may choose by themselves.
    this._rendermime = rendermime.clone();
    this._rendermime.addFactory(safeSvgFactory);
  }

  /** Code with its colours. */
  code(source: string, label: string): Widget {
    const widget = new Widget();
    widget.addClass('jp-Mlops-editor');
    const model = new CodeEditor.Model({ mimeType: 'text/x-ipython' });
    model.sharedModel.setSource(source);
    const editor = this._editors.factoryService.newInlineEditor({
      host: widget.node,
      model,
      config: { readOnly: true, lineWrap: true, lineNumbers: false }
    });
    widget.node.querySelector('.cm-content')?.setAttribute('aria-label', label);
    widget.disposed.connect(() => {
      editor.dispose();
      model.dispose();
    });
    return widget;
  }

  /** Outputs as they were; no script of theirs runs. */
  outputs(values: IOutput[]): Widget {
    const model = new OutputAreaModel({ trusted: false, values });
    const area = new SimplifiedOutputArea({
      model,
      rendermime: this._rendermime,
      maxNumberOutputs: MOST_OUTPUTS,
      translator: this._translator
    });
    area.disposed.connect(() => model.dispose());
    return area;
  }

  private readonly _rendermime: IRenderMimeRegistry;
}
