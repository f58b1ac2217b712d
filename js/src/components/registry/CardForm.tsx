/**
 * What people write on a model card: shown, and on a wish filled in.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ICard, ICardField } from '../../api/registry';
import { FormEnd } from './FormEnd';
import { FormFrame } from './FormFrame';

/** Texts by field. */
export type CardTexts = { [name: string]: string };

/** The fields to send: those that were changed, and those confirmed as they are. */
export function filledFields(
  form: readonly ICardField[],
  texts: CardTexts,
  confirmed: ReadonlySet<string>
): CardTexts {
  const found: CardTexts = {};
  for (const { name, text } of form) {
    const now = texts[name] ?? text;
    if (now !== text || confirmed.has(name)) {
      found[name] = now;
    }
  }
  return found;
}

export function CardForm(props: {
  card: ICard;
  version: number;
  onFill: (fields: CardTexts) => Promise<boolean>;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { card, trans, version } = props;
  const [isOpen, open] = React.useState(false);
  const [texts, setTexts] = React.useState<CardTexts>({});
  const [confirmed, confirm] = React.useState<ReadonlySet<string>>(new Set());
  const button = React.useRef<HTMLButtonElement>(null);
  const end = (): void => {
    open(false);
    setTexts({});
    confirm(new Set());
    button.current?.focus();
  };
  React.useEffect(end, [version]);
  const submit = async (): Promise<void> => {
    const fields = filledFields(card.form, texts, confirmed);
    if (Object.keys(fields).length === 0 || (await props.onFill(fields))) {
      end();
    }
  };
  return (
    <>
      <button
        ref={button}
        className="jp-mod-styled jp-Mlops-cardEdit"
        aria-expanded={isOpen}
        onClick={() => (isOpen ? end() : open(true))}
      >
        {trans.__('Fill in the card…')}
      </button>
      {isOpen && (
        <FormFrame
          title={trans.__('Card of version %1', version)}
          className="jp-Mlops-cardForm"
          onSubmit={submit}
          onCancel={end}
        >
          {card.form.map((field, at) => (
            <Field
              key={field.name}
              field={field}
              isFirst={at === 0}
              text={texts[field.name] ?? field.text}
              isConfirmed={confirmed.has(field.name)}
              onText={text => setTexts({ ...texts, [field.name]: text })}
              onConfirm={() => {
                const now = new Set(confirmed);
                if (!now.delete(field.name)) {
                  now.add(field.name);
                }
                confirm(now);
              }}
              trans={trans}
            />
          ))}
          <FormEnd accept={trans.__('Save')} onCancel={end} trans={trans} />
        </FormFrame>
      )}
    </>
  );
}

function Field(props: {
  field: ICardField;
  isFirst: boolean;
  text: string;
  isConfirmed: boolean;
  onText: (text: string) => void;
  onConfirm: () => void;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { field, text, trans } = props;
  const isCarried = field.carried_from !== null && text === field.text;
  return (
    <div className="jp-Mlops-cardField">
      <label>
        <span>{field.name}</span>
        <small>{field.help}</small>
        <textarea
          className="jp-mod-styled"
          rows={Math.min(8, Math.max(2, text.split('\n').length))}
          autoFocus={props.isFirst}
          value={text}
          onChange={event => props.onText(event.target.value)}
        />
      </label>
      {isCarried && (
        <label className="jp-Mlops-cardConfirm">
          <input
            type="checkbox"
            checked={props.isConfirmed}
            onChange={props.onConfirm}
          />
          {trans.__(
            'Written for version %1. It holds for this one, too.',
            field.carried_from
          )}
        </label>
      )}
    </div>
  );
}
