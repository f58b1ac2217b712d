/**
 * A form in a dialog.
 */
import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

/** What is asked, and what the sending button says. */
export interface IFormQuestion<T> {
  title: string;
  body: Dialog.IBodyWidget<T>;
  accept: string;
}

/** Ask; null when the user does not want to after all. */
export async function askForm<T>(
  question: IFormQuestion<T>,
  trans: TranslationBundle
): Promise<T | null> {
  const dialog = new Dialog<T>({
    title: question.title,
    body: question.body,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: question.accept })
    ],
    focusNodeSelector: 'input'
  });
  dialog.addClass('jp-Mlops-formDialog');
  try {
    const { button, value } = await dialog.launch();
    return button.accept ? value : null;
  } finally {
    dialog.dispose();
  }
}
