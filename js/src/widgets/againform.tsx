/**
 * A dialog that asks with which values a run is done again.
 */
import * as React from 'react';
import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { FormComponent, ReactWidget } from '@jupyterlab/ui-components';
import validator from '@rjsf/validator-ajv8';

import type { IChangeable } from '../api/rundetails';
import {
  changedValues,
  firstValues,
  formLooks,
  formSchema
} from '../models/again';
import type { IValues } from '../models/again';

/** The form takes any values; its own types know only read-only ones. */
const Form = FormComponent as unknown as React.FunctionComponent<{
  [name: string]: unknown;
}>;

/** Ask; null when the user does not want to after all. */
export async function askValues(
  title: string,
  values: readonly IChangeable[],
  had: IValues,
  trans: TranslationBundle
): Promise<IValues | null> {
  const dialog = new Dialog<IValues>({
    title,
    body: new AgainForm(values, had, trans),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Run') })
    ],
    focusNodeSelector: 'input'
  });
  dialog.addClass('jp-Mlops-againDialog');
  try {
    const { button, value } = await dialog.launch();
    return button.accept ? (value ?? {}) : null;
  } finally {
    dialog.dispose();
  }
}

class AgainForm extends ReactWidget implements Dialog.IBodyWidget<IValues> {
  constructor(
    private readonly _values: readonly IChangeable[],
    had: IValues,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-Mlops-againForm');
    this._before = firstValues(_values, had);
    this._now = this._before;
  }

  getValue(): IValues {
    return changedValues(this._before, this._now);
  }

  protected override render(): React.JSX.Element {
    if (this._values.length === 0) {
      return (
        <p>{this._trans.__('Nothing in it can be changed from outside.')}</p>
      );
    }
    return (
      <Form
        schema={formSchema(this._values)}
        uiSchema={formLooks(this._values)}
        formData={this._before}
        validator={validator}
        liveValidate
        showErrorList={false}
        noHtml5Validate
        tagName="div"
        idPrefix="jp-mlops-again"
        onChange={(event: { formData?: IValues }) => {
          this._now = event.formData ?? {};
        }}
      />
    );
  }

  private readonly _before: IValues;
  private _now: IValues;
}
