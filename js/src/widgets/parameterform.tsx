/**
 * A dialog that asks for parameters, in JupyterLab's own form.
 */
import * as React from 'react';
import type { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { FormComponent, ReactWidget } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { Message } from '@lumino/messaging';
import type { ValidatorType } from '@rjsf/utils';

import type { IChangeable } from '../api/rundetails';
import type { JsonValue } from '../api/wire';
import { changedOf, looksOf, schemaOf, startOf } from '../models/parameterform';
import type { FormData } from '../models/parameterform';
import { askForm } from './formdialog';

const PREFIX = 'jp-mlops-parameter';

type Values = { [name: string]: JsonValue };

/** What one is asked, besides parameters. */
export interface IFormOptions {
  /** Values to begin with, of which only what is changed is told. */
  given?: FormData;
  /** What is said where there is nothing to ask. */
  empty?: string;
}

/** Ask; null when the user does not want to after all. */
export async function askParameters(
  title: string,
  parameters: readonly IChangeable[],
  trans: TranslationBundle,
  options: IFormOptions = {}
): Promise<Values | null> {
  const { default: validator } = await import('@rjsf/validator-ajv8');
  const body = new ParameterForm(parameters, validator, trans, options);
  return askForm<Values | null>(
    { title, body, accept: trans.__('Run') },
    trans
  );
}

/** The form names its fields beside them only: they are named for readers, too. */
export function nameFields(node: HTMLElement, prefix: string): void {
  for (const field of node.querySelectorAll('[id]')) {
    const [, name] = field.id.split(`${prefix}_`);
    if (name !== undefined && field.matches('input, select, textarea')) {
      field.setAttribute('aria-label', name);
    }
  }
}

class ParameterForm
  extends ReactWidget
  implements Dialog.IBodyWidget<Values | null>
{
  constructor(
    private readonly _parameters: readonly IChangeable[],
    private readonly _validator: ValidatorType,
    private readonly _trans: TranslationBundle,
    private readonly _options: IFormOptions
  ) {
    super();
    this.addClass('jp-Mlops-parameters');
    this._start = startOf(_parameters, _options.given);
    this._data = this._start;
  }

  getValue(): Values {
    return changedOf(
      this._parameters,
      this._data,
      this._options.given && this._start
    );
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    void this.renderPromise?.then(() => nameFields(this.node, PREFIX));
  }

  protected override render(): React.JSX.Element {
    if (this._parameters.length === 0) {
      return (
        <p>
          {this._options.empty ??
            this._trans.__(
              "It takes no parameters. Tag the cell that sets them 'parameters'."
            )}
        </p>
      );
    }
    return (
      <FormComponent
        schema={schemaOf(this._parameters)}
        uiSchema={looksOf(this._parameters)}
        formData={this._start as ReadonlyJSONObject}
        validator={this._validator}
        liveValidate
        showErrorList={false}
        noHtml5Validate
        tagName="div"
        idPrefix={PREFIX}
        onChange={event => {
          this._data = (event.formData ?? {}) as FormData;
        }}
      />
    );
  }

  private _data: FormData;
  private readonly _start: FormData;
}
