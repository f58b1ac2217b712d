/**
 * What people say of a run: a note and tags, to be changed in place.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Button, closeIcon, editIcon } from '@jupyterlab/ui-components';

import type { IRun } from '../../api/wire';
import type { IAfterWords } from '../../models/run';

/** Sends what is said; false when it was refused. */
export type Say = (words: IAfterWords) => Promise<boolean>;

export function Words(props: {
  run: IRun;
  say: Say;
  trans: TranslationBundle;
}): React.JSX.Element {
  return (
    <div className="jp-Mlops-words">
      <Note {...props} />
      <Tags {...props} />
    </div>
  );
}

function Note(props: {
  run: IRun;
  say: Say;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { run, say, trans } = props;
  const [draft, setDraft] = React.useState<string | null>(null);
  if (draft === null) {
    const label = run.note ? trans.__('Edit note') : trans.__('Add a note');
    return (
      <div className="jp-Mlops-note">
        {run.note && <p>{run.note}</p>}
        <Button
          minimal
          small
          title={label}
          aria-label={label}
          onClick={() => setDraft(run.note ?? '')}
        >
          {run.note ? <editIcon.react tag="span" /> : label}
        </Button>
      </div>
    );
  }
  const save = async (): Promise<void> => {
    if (await say({ note: draft.trim() })) {
      setDraft(null);
    }
  };
  return (
    <form
      className="jp-Mlops-note"
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        className="jp-mod-styled"
        aria-label={trans.__('Note')}
        autoFocus
        rows={3}
        value={draft}
        onChange={event => setDraft(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            setDraft(null);
          } else if (
            event.key === 'Enter' &&
            (event.ctrlKey || event.metaKey)
          ) {
            event.preventDefault();
            void save();
          }
        }}
      />
      <Button type="submit" className="jp-mod-styled jp-mod-accept" small>
        {trans.__('Save')}
      </Button>
      <Button
        className="jp-mod-styled jp-mod-reject"
        small
        onClick={() => setDraft(null)}
      >
        {trans.__('Cancel')}
      </Button>
    </form>
  );
}

function Tags(props: {
  run: IRun;
  say: Say;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { run, say, trans } = props;
  const [draft, setDraft] = React.useState('');
  const add = async (): Promise<void> => {
    const [key, ...rest] = draft.split('=');
    if (key?.trim() && rest.length > 0) {
      const word = rest.join('=').trim();
      if (await say({ tags: { [key.trim()]: word } })) {
        setDraft('');
      }
    }
  };
  return (
    <ul className="jp-Mlops-tags" aria-label={trans.__('Tags')}>
      {Object.entries(run.tags).map(([key, word]) => (
        <li key={key} className="jp-Mlops-tag">
          <span>
            {key}
            {word && <b>{word}</b>}
          </span>
          <button
            title={trans.__('Take off')}
            aria-label={trans.__('Take off the tag %1', key)}
            onClick={() => void say({ tags: { [key]: null } })}
          >
            <closeIcon.react tag="span" />
          </button>
        </li>
      ))}
      <li>
        <input
          className="jp-Mlops-newTag"
          aria-label={trans.__('New tag')}
          placeholder={trans.__('+ key=value')}
          title={trans.__('A tag as key=value; Enter adds it')}
          value={draft}
          onChange={event => setDraft(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Enter') {
              void add();
            } else if (event.key === 'Escape') {
              setDraft('');
            }
          }}
        />
      </li>
    </ul>
  );
}
