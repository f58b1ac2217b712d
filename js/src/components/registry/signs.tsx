/**
 * Signs of gates and versions: shape and colour, and a word for those who hear them.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IVersion } from '../../api/registry';

function Sign(props: {
  kind: 'finished' | 'failed' | 'lost';
  word: string;
  children: React.ReactNode;
}): React.JSX.Element {
  return (
    <svg
      className={`jp-Mlops-status jp-mod-${props.kind}`}
      viewBox="0 0 16 16"
      role="img"
      aria-label={props.word}
    >
      <title>{props.word}</title>
      {props.children}
    </svg>
  );
}

/** What a gate said. */
export function GateSign(props: {
  passed: boolean;
  trans: TranslationBundle;
}): React.JSX.Element {
  return props.passed ? (
    <Sign kind="finished" word={props.trans.__('passed')}>
      <path d="M4.2 8.2 7 11l5-6" />
    </Sign>
  ) : (
    <Sign kind="failed" word={props.trans.__('failed')}>
      <path d="m5 5 6 6m0-6-6 6" />
    </Sign>
  );
}

/** A history that somebody changed. */
export function BrokenSign(props: {
  trans: TranslationBundle;
}): React.JSX.Element {
  return (
    <Sign kind="failed" word={props.trans.__('history changed')}>
      <path d="M8 4.2v4.6" />
      <path d="M8 11.4v.2" />
    </Sign>
  );
}

/** Aliases, and what else a version is by now. */
export function Standing(props: {
  version: IVersion;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { version, trans } = props;
  return (
    <span className="jp-Mlops-aliases">
      {version.aliases.map(alias => (
        <span className="jp-Mlops-alias" key={alias}>
          {alias}
        </span>
      ))}
      {version.archived && (
        <span className="jp-Mlops-word">{trans.__('archived')}</span>
      )}
      {version.verdict !== null && (
        <span className="jp-Mlops-badge" data-word={version.verdict}>
          {version.verdict}
        </span>
      )}
    </span>
  );
}
