/**
 * Where a filter in the run language is written; what is wrong with it shows below.
 */
import * as React from 'react';
import { filterIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRefusal } from '../models/runs';
import { useTyping } from './typing';

export interface IFilterFieldProps {
  value: string;
  refusal: IRefusal | null;
  onChange: (filter: string) => void;
  trans: TranslationBundle;
}

const ERROR = 'jp-Mlops-filter-error';

export function FilterField(props: IFilterFieldProps): React.JSX.Element {
  const { refusal, trans } = props;
  const typing = useTyping(props.value, props.onChange);
  const isWrong = refusal?.kind === 'FilterSyntaxError';
  return (
    <div className="jp-Mlops-field">
      <div className={`jp-Mlops-input${isWrong ? ' jp-mod-error' : ''}`}>
        <filterIcon.react tag="span" className="jp-Mlops-inputIcon" />
        <input
          type="text"
          className="jp-mod-styled"
          spellCheck={false}
          autoComplete="off"
          aria-label={trans.__('Filter runs')}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? ERROR : undefined}
          placeholder={trans.__('Filter: metrics.auc > 0.9')}
          title={trans.__(
            "As in: metrics.auc > 0.9 and params.kind = 'rbf' and status = 'finished'"
          )}
          {...typing}
        />
      </div>
      {refusal && (
        <FilterError refusal={refusal} filter={props.value} isWrong={isWrong} />
      )}
    </div>
  );
}

/** What is wrong, and where. */
function FilterError(props: {
  refusal: IRefusal;
  filter: string;
  isWrong: boolean;
}): React.JSX.Element {
  const { refusal, filter } = props;
  const letters = [...filter];
  const at = refusal.position;
  return (
    <div id={ERROR} className="jp-Mlops-error" role="alert">
      {props.isWrong && at >= 0 && (
        <code>
          {letters.slice(Math.max(0, at - 24), at).join('')}
          <mark>{letters.slice(at).join('').trim() || '␣'}</mark>
        </code>
      )}
      <span>{refusal.sentence}</span>
    </div>
  );
}
