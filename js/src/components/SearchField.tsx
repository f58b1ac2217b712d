/**
 * Where words are searched for in everything that runs recorded.
 */
import * as React from 'react';
import { searchIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import { useTyping } from './typing';

export function SearchField(props: {
  value: string;
  onChange: (text: string) => void;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { trans } = props;
  const typing = useTyping(props.value, props.onChange);
  return (
    <div className="jp-Mlops-input">
      <searchIcon.react tag="span" className="jp-Mlops-inputIcon" />
      <input
        type="search"
        className="jp-mod-styled"
        spellCheck={false}
        aria-label={trans.__('Search runs')}
        placeholder={trans.__('Search names, code and outputs')}
        title={trans.__(
          'All words must occur; "a phrase" in one piece; reg* begins a word'
        )}
        value={typing.value}
        onChange={typing.onChange}
        onKeyDown={typing.onKeyDown}
      />
    </div>
  );
}
