/**
 * Something that is not there yet, and the first step towards it.
 */
import * as React from 'react';
import { Button, checkIcon, copyIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

export function Lesson(props: {
  title: string;
  children: React.ReactNode;
}): React.JSX.Element {
  return (
    <section className="jp-Mlops-lesson" aria-label={props.title}>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}

/** Lines to copy. */
export function Lines(props: {
  text: string;
  trans: TranslationBundle;
}): React.JSX.Element {
  const [isCopied, setCopied] = React.useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(props.text);
    setCopied(true);
  };
  const Icon = isCopied ? checkIcon : copyIcon;
  const label = isCopied ? props.trans.__('Copied') : props.trans.__('Copy');
  return (
    <div className="jp-Mlops-lines">
      <pre>{props.text}</pre>
      <Button minimal small aria-label={label} title={label} onClick={copy}>
        <Icon.react tag="span" />
      </Button>
    </div>
  );
}
