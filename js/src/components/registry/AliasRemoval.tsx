/**
 * Asks before an alias is taken away from the version that it points to.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { FormEnd } from './FormEnd';
import { FormFrame } from './FormFrame';

export function AliasRemoval(props: {
  aliases: readonly string[];
  onRemove: (alias: string) => Promise<boolean>;
  onEnd: () => void;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { aliases, onEnd, trans } = props;
  const [chosen, choose] = React.useState(aliases[0] ?? '');
  const title = trans.__('Take an alias away');
  const submit = async (): Promise<void> => {
    if (await props.onRemove(chosen)) {
      onEnd();
    }
  };
  return (
    <FormFrame title={title} hasHeading onSubmit={submit} onCancel={onEnd}>
      <p>
        {trans.__(
          'The version stays. Whoever loads the model by the alias finds none until another version is promoted.'
        )}
      </p>
      <label className="jp-Mlops-formField">
        <span>{trans.__('Alias')}</span>
        <select
          className="jp-mod-styled"
          autoFocus
          value={chosen}
          onChange={event => choose(event.target.value)}
        >
          {aliases.map(alias => (
            <option key={alias}>{alias}</option>
          ))}
        </select>
      </label>
      <FormEnd
        accept={trans.__('Take %1 away', chosen)}
        isWarning
        onCancel={onEnd}
        trans={trans}
      />
    </FormFrame>
  );
}
