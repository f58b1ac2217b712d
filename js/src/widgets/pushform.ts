/**
 * A dialog that asks under which name a run's model is registered.
 */
import type { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { askForm } from './formdialog';

/** What is to be registered. */
export interface IPush {
  name: string;
  artifact: string;
  note: string;
}

/** Ask; null when the user does not want to after all. */
export async function askPush(
  models: readonly string[],
  known: readonly string[],
  trans: TranslationBundle
): Promise<IPush | null> {
  const body = new PushForm(models, known, trans);
  const value = await askForm<IPush>(
    {
      title: trans.__('Push to the registry'),
      body,
      accept: trans.__('Push')
    },
    trans
  );
  return value?.name ? value : null;
}

class PushForm extends Widget implements Dialog.IBodyWidget<IPush> {
  constructor(
    models: readonly string[],
    known: readonly string[],
    trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-Mlops-pushForm');
    this._name = field('input', trans.__('Name of the model'), this.node);
    const list = document.createElement('datalist');
    list.id = 'jp-mlops-known-models';
    list.append(...known.map(name => new Option(name)));
    this._name.setAttribute('list', list.id);
    this.node.append(list);
    this._artifact = field('select', trans.__('Which artifact'), this.node);
    this._artifact.append(...models.map(name => new Option(name)));
    this._artifact.parentElement!.hidden = models.length < 2;
    this._note = field('input', trans.__('Note'), this.node);
  }

  getValue(): IPush {
    return {
      name: this._name.value.trim(),
      artifact: this._artifact.value,
      note: this._note.value.trim()
    };
  }

  private readonly _artifact: HTMLSelectElement;
  private readonly _name: HTMLInputElement;
  private readonly _note: HTMLInputElement;
}

function field<K extends 'input' | 'select'>(
  kind: K,
  text: string,
  parent: HTMLElement
): HTMLElementTagNameMap[K] {
  const label = document.createElement('label');
  const words = document.createElement('span');
  words.textContent = text;
  const found = document.createElement(kind);
  found.className = 'jp-mod-styled';
  label.append(words, found);
  parent.append(label);
  return found;
}
