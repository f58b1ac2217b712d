/**
 * Moving an alias: what the gates say stands first, then a reason is asked.
 */
import * as React from 'react';
import { UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IVersions } from '../../api/registry';
import type { PromotionModel } from '../../models/promotion';
import { FormEnd } from './FormEnd';
import { FormFrame } from './FormFrame';
import { GateAnswers } from './GateAnswers';

const ALIASES = 'jp-mlops-promotion-aliases';
const PICKLES = ['pickle', 'loader'];

export interface IPromotionFormProps {
  promotion: PromotionModel;
  found: IVersions;
  onRun: (run: string) => void;
  onEnd: (isMoved: boolean) => void;
  trans: TranslationBundle;
}

export function PromotionForm(props: IPromotionFormProps): React.JSX.Element {
  return (
    <UseSignal signal={props.promotion.stateChanged}>
      {() => <Form {...props} />}
    </UseSignal>
  );
}

function Form(props: IPromotionFormProps): React.JSX.Element {
  const { promotion, found, trans } = props;
  const { version } = promotion.version;
  const submit = async (): Promise<void> => {
    if (await promotion.promote()) {
      props.onEnd(true);
    }
  };
  return (
    <FormFrame
      title={trans.__('Promote version %1', version)}
      hasHeading
      onSubmit={submit}
      onCancel={() => props.onEnd(false)}
    >
      <AliasField {...props} />
      <Gates {...props} />
      <label className="jp-Mlops-formField">
        <span>{trans.__('Reason')}</span>
        <textarea
          className="jp-mod-styled"
          rows={2}
          value={promotion.reason}
          placeholder={trans.__("Why? It is kept in the model's history.")}
          onChange={event => (promotion.reason = event.target.value)}
        />
      </label>
      {promotion.failed.length > 0 && <Force {...props} />}
      {promotion.problem && (
        <p className="jp-Mlops-error" role="alert">
          {promotion.problem}
        </p>
      )}
      <FormEnd
        accept={
          promotion.isForced ? trans.__('Promote anyway') : trans.__('Promote')
        }
        isDisabled={!promotion.canPromote}
        you={found.you}
        onCancel={() => props.onEnd(false)}
        trans={trans}
      />
    </FormFrame>
  );
}

function AliasField(props: IPromotionFormProps): React.JSX.Element {
  const { promotion, found, trans } = props;
  const [text, setText] = React.useState(promotion.alias);
  const now = promotion.seen;
  return (
    <label className="jp-Mlops-formField">
      <span>{trans.__('Alias')}</span>
      <input
        className="jp-mod-styled"
        list={ALIASES}
        value={text}
        autoFocus
        spellCheck={false}
        onChange={event => setText(event.target.value)}
        onBlur={() => {
          if (text.trim() !== promotion.alias) {
            void promotion.choose(text);
          }
        }}
        onKeyDown={event => {
          if (event.key === 'Enter' && text.trim() !== promotion.alias) {
            event.preventDefault();
            void promotion.choose(text);
          }
        }}
      />
      <datalist id={ALIASES}>
        {found.rules.map(one => (
          <option value={one.alias} key={one.alias} />
        ))}
      </datalist>
      <small>
        {now === 0
          ? trans.__('points nowhere yet')
          : trans.__('points to version %1', now)}
      </small>
    </label>
  );
}

/** What stands before the alias: under way, or with answers. */
function Gates(props: IPromotionFormProps): React.JSX.Element {
  const { promotion, trans } = props;
  const { answers, rule } = promotion;
  const again = (
    <button
      type="button"
      className="jp-Mlops-link"
      onClick={() => void promotion.ask()}
    >
      {trans.__('Ask again')}
    </button>
  );
  if (promotion.state === 'asking') {
    return (
      <p role="status" className="jp-Mlops-formAsking">
        {trans.__('Asking the gates…')}{' '}
        {rule && rule.gates.length > 0 && <code>{rule.gates.join(', ')}</code>}
      </p>
    );
  }
  if (promotion.isOvertaken) {
    return (
      <p role="alert" className="jp-Mlops-error">
        {trans.__('%1 was moved meanwhile.', promotion.alias)} {again}
      </p>
    );
  }
  if (answers === null) {
    return <p>{again}</p>;
  }
  return (
    <div className="jp-Mlops-formGates">
      {answers.length === 0 ? (
        <p>{trans.__('No gate stands before %1.', promotion.alias)}</p>
      ) : (
        <p role="status">
          {promotion.failed.length === 0
            ? trans._n('%1 gate passed', 'all %1 gates passed', answers.length)
            : trans.__(
                '%1 of %2 gates failed',
                promotion.failed.length,
                answers.length
              )}{' '}
          {again}
        </p>
      )}
      <GateAnswers
        answers={answers}
        label={trans.__("Gates' answers")}
        onRun={props.onRun}
        trans={trans}
      />
      {PICKLES.includes(promotion.version.flavor) && (
        <label className="jp-Mlops-formCheck">
          <input
            type="checkbox"
            checked={promotion.allowsPickle}
            onChange={event => void promotion.allowPickle(event.target.checked)}
          />
          {trans.__('Gates may unpickle this model: that runs its code')}
        </label>
      )}
    </div>
  );
}

function Force(props: IPromotionFormProps): React.JSX.Element {
  const { promotion, trans } = props;
  return (
    <label className="jp-Mlops-formCheck">
      <input
        type="checkbox"
        checked={promotion.isForced}
        onChange={event => (promotion.isForced = event.target.checked)}
      />
      {trans.__(
        'Promote though a gate says no. This needs a reason, and the history says so for ever.'
      )}
    </label>
  );
}
