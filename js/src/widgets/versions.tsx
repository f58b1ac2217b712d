/**
 * The inside of a model's tab: loaded when the first one is shown.
 */
import * as React from 'react';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { MimeModel } from '@jupyterlab/rendermime';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { VersionsView } from '../components/registry/VersionsView';
import type { IVersionDeeds } from '../components/registry/VersionsView';
import type { RenderCard } from '../components/registry/VersionCard';
import type { Highlight } from '../components/registry/VersionCells';
import type { VersionsModel } from '../models/versions';

const MARKDOWN = 'text/markdown';
const PYTHON = 'text/x-ipython';

/** A model, as React draws it. */
export class VersionsContent extends ReactWidget {
  constructor(
    private readonly _model: VersionsModel,
    private readonly _deeds: IVersionDeeds,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-Mlops-versionsContent');
  }

  protected override render(): React.JSX.Element {
    return (
      <VersionsView
        model={this._model}
        deeds={this._deeds}
        trans={this._trans}
      />
    );
  }
}

/** Render Markdown as JupyterLab does where nobody trusts it: no script, no handler. */
export function cardRenderer(rendermime: IRenderMimeRegistry): RenderCard {
  return (markdown, into) => {
    const renderer = rendermime.createRenderer(MARKDOWN);
    const data = { [MARKDOWN]: markdown };
    Widget.attach(renderer, into);
    void renderer.renderModel(new MimeModel({ data, trusted: false }));
    return () => renderer.dispose();
  };
}

/** Write code with the colours of JupyterLab's editors. */
export function highlighter(languages: IEditorLanguageRegistry): Highlight {
  return (code, into) =>
    languages.highlight(code, languages.findByMIME(PYTHON), into);
}
