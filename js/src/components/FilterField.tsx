/**
 * Where a filter in the run language is written: with offers of what may come next,
 * and what is wrong with it below.
 */
import * as React from 'react';
import { UseSignal, filterIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { CompletionModel } from '../models/completion';
import { accept } from '../models/completion';
import type { IRefusal } from '../models/runs';
import { FilterError, FILTER_ERROR } from './FilterError';
import { FilterOffers, OFFERS, offerId } from './FilterOffers';
import { useTyping } from './typing';

export interface IFilterFieldProps {
  value: string;
  refusal: IRefusal | null;
  completion: CompletionModel;
  onChange: (filter: string) => void;
  trans: TranslationBundle;
}

export function FilterField(props: IFilterFieldProps): React.JSX.Element {
  return (
    <UseSignal signal={props.completion.stateChanged}>
      {() => <Field {...props} />}
    </UseSignal>
  );
}

function Field(props: IFilterFieldProps): React.JSX.Element {
  const { completion, trans } = props;
  const { offers } = completion.offers;
  const input = React.useRef<HTMLInputElement>(null);
  const [at, setAt] = React.useState(-1);
  const typing = useTyping(props.value, props.onChange);
  const isOpen = offers.length > 0;
  React.useEffect(() => setAt(-1), [offers]);
  const look = (): void => {
    const { value, selectionStart } = input.current as HTMLInputElement;
    void completion.look(value, selectionStart ?? value.length);
  };
  const take = (offer: string): void => {
    const field = input.current as HTMLInputElement;
    const [text, caret] = accept(field.value, completion.offers, offer);
    typing.write(text);
    // React puts the caret to the end when it has drawn the new text.
    requestAnimationFrame(() => {
      field.setSelectionRange(caret, caret);
      look();
    });
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>): void => {
    const step = STEPS[event.key];
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      look();
    } else if (step !== undefined) {
      event.preventDefault();
      if (isOpen) {
        setAt(
          (at + step + offers.length + (at < 0 && step < 0 ? 1 : 0)) %
            offers.length
        );
      } else {
        look();
      }
    } else if (event.key === 'Enter' && offers[at] !== undefined) {
      event.preventDefault();
      take(offers[at]);
    } else if (event.key === 'Escape' && isOpen) {
      event.stopPropagation();
      completion.close();
    } else {
      if (event.key === 'Enter') {
        completion.close();
      }
      typing.onKeyDown(event);
    }
  };
  // While one writes, what was wrong before is no news.
  const isAsked = !isOpen && typing.value === props.value;
  const refusal = isAsked ? props.refusal : null;
  const isWrong = refusal?.kind === 'FilterSyntaxError';
  return (
    <div className="jp-Mlops-field">
      <div className={`jp-Mlops-input${isWrong ? ' jp-mod-error' : ''}`}>
        <filterIcon.react tag="span" className="jp-Mlops-inputIcon" />
        <input
          ref={input}
          type="text"
          className="jp-mod-styled"
          spellCheck={false}
          autoComplete="off"
          role="combobox"
          aria-label={trans.__('Filter runs')}
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={isOpen ? OFFERS : undefined}
          aria-activedescendant={at >= 0 && isOpen ? offerId(at) : undefined}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? FILTER_ERROR : undefined}
          placeholder={trans.__('Filter: metrics.auc > 0.9')}
          title={trans.__(
            "As in: metrics.auc > 0.9 and params.kind = 'rbf' and status = 'finished'"
          )}
          value={typing.value}
          onChange={event => {
            typing.onChange(event);
            look();
          }}
          onBlur={() => completion.close()}
          onKeyDown={onKeyDown}
        />
        {isOpen && (
          <FilterOffers offers={offers} at={at} onTake={take} trans={trans} />
        )}
      </div>
      {refusal && (
        <FilterError refusal={refusal} filter={props.value} isWrong={isWrong} />
      )}
    </div>
  );
}

const STEPS: { [key: string]: number | undefined } = {
  ArrowDown: 1,
  ArrowUp: -1
};
