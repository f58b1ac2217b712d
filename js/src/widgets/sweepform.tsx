/**
 * A dialog that asks what a sweep goes over, in JupyterLab's own form.
 */
import * as React from 'react';
import type { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { FormComponent, ReactWidget } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { Message } from '@lumino/messaging';
import type { ValidatorType } from '@rjsf/utils';

import type { IChangeable } from '../api/rundetails';
import { sweepLooks, sweepSchema } from '../models/sweepwish';
import type { ISweepData } from '../models/sweepwish';
import { askForm } from './formdialog';
import { nameFields } from './parameterform';

const PREFIX = 'jp-mlops-sweep';

/** What is asked about. */
export interface ISweepQuestion {
  path: string;
  parameters: readonly IChangeable[];
  /** Metrics that are known here. */
  metrics: readonly string[];
  /** What the form begins with: what was typed before, when that was refused. */
  data: ISweepData;
  /** Why it was refused. */
  refusal: string;
}

/** Ask; null when the user does not want to after all. */
export async function askSweep(
  question: ISweepQuestion,
  trans: TranslationBundle
): Promise<ISweepData | null> {
  const { default: validator } = await import('@rjsf/validator-ajv8');
  const body = new SweepForm(question, validator, trans);
  return askForm(
    {
      title: trans.__('Sweep %1', question.path),
      body,
      accept: trans.__('Start')
    },
    trans
  );
}

class SweepForm extends ReactWidget implements Dialog.IBodyWidget<ISweepData> {
  constructor(
    private readonly _question: ISweepQuestion,
    private readonly _validator: ValidatorType,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-Mlops-parameters');
    this.addClass('jp-Mlops-sweepForm');
    this._data = _question.data;
  }

  getValue(): ISweepData {
    return this._data;
  }

  protected override onUpdateRequest(message: Message): void {
    super.onUpdateRequest(message);
    void this.renderPromise?.then(() => nameFields(this.node, PREFIX));
  }

  protected override render(): React.JSX.Element {
    const { metrics, parameters, refusal } = this._question;
    if (parameters.length === 0) {
      return (
        <p>
          {this._trans.__(
            "It takes no parameters to sweep over. Tag the cell that sets them 'parameters'."
          )}
        </p>
      );
    }
    const { method } = this._data;
    return (
      <>
        {refusal && (
          <p className="jp-Mlops-refusal" role="alert">
            {refusal}
          </p>
        )}
        <FormComponent
          schema={sweepSchema(parameters, metrics, method, this._trans)}
          uiSchema={sweepLooks(parameters)}
          formData={this._data as unknown as ReadonlyJSONObject}
          validator={this._validator}
          liveValidate
          showErrorList={false}
          noHtml5Validate
          tagName="div"
          idPrefix={PREFIX}
          onChange={event => this._take(event.formData)}
        />
      </>
    );
  }

  /** How many points there are is asked only where some are drawn. */
  private _take(found: unknown): void {
    const before = this._data.method;
    this._data = found as ISweepData;
    if (this._data.method !== before) {
      this.update();
    }
  }

  private _data: ISweepData;
}
