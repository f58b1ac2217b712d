/**
 * The commit that a run worked on, and what was not committed.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { JsonValue } from '../../api/wire';
import type { Fetch } from '../../models/outputs';
import { Facts } from './Section';
import { words } from './Parts';

const COMMIT = 12;
const MOST_LINES = 2000;

/** The commit in a few letters. */
export function commitOf(git: { [key: string]: JsonValue }): string {
  return typeof git.commit === 'string' ? git.commit.slice(0, COMMIT) : '';
}

export function Git(props: {
  git: { [key: string]: JsonValue };
  fetch: Fetch;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { git, fetch, trans } = props;
  const names: [string, string][] = [
    ['commit', trans.__('Commit')],
    ['branch', trans.__('Branch')],
    ['remote', trans.__('Remote')],
    ['changed', trans.__('Changed')],
    ['untracked', trans.__('Not tracked')],
    ['withheld', trans.__('Withheld')]
  ];
  return (
    <>
      <Facts
        rows={names
          .filter(([key]) => git[key])
          .map(([key, name]) => [name, words(git[key])])}
      />
      {typeof git.diff === 'string' ? (
        <Diff digest={git.diff} fetch={fetch} trans={trans} />
      ) : (
        git.dirty === false && (
          <p className="jp-Mlops-aside">
            {trans.__('All was committed when the run took place.')}
          </p>
        )
      )}
    </>
  );
}

/** What was not committed, line by line. */
function Diff(props: {
  digest: string;
  fetch: Fetch;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { digest, fetch, trans } = props;
  const [lines, setLines] = React.useState<string[] | null>(null);
  const [hasFailed, setFailed] = React.useState(false);
  React.useEffect(() => {
    let isOver = false;
    fetch(digest).then(
      bytes => !isOver && setLines(new TextDecoder().decode(bytes).split('\n')),
      () => !isOver && setFailed(true)
    );
    return () => {
      isOver = true;
    };
  }, [digest]);
  if (hasFailed) {
    return (
      <p className="jp-Mlops-error">
        {trans.__('What was not committed cannot be fetched.')}
      </p>
    );
  }
  return (
    <pre
      className="jp-Mlops-diffView"
      tabIndex={0}
      role="group"
      aria-label={trans.__('What was not committed')}
    >
      {lines?.slice(0, MOST_LINES).map((line, at) => (
        <span key={at} data-sign={signOf(line)}>
          {line + '\n'}
        </span>
      ))}
      {lines && lines.length > MOST_LINES && (
        <span>{trans.__('… %1 more lines', lines.length - MOST_LINES)}</span>
      )}
    </pre>
  );
}

function signOf(line: string): string | undefined {
  if (line.startsWith('+++') || line.startsWith('---')) {
    return 'file';
  }
  return { '+': '+', '-': '-', '@': '@' }[line.charAt(0)];
}
