/**
 * A part of a comparison under a heading that folds it.
 */
import * as React from 'react';
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';

export interface ISectionProps {
  title: string;
  /** What is in it, in few words. */
  note?: string;
  isFolded?: boolean;
  children: React.ReactNode;
}

export function Section(props: ISectionProps): React.JSX.Element {
  const [isOpen, setOpen] = React.useState(!props.isFolded);
  const id = React.useId();
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  return (
    <section className="jp-Mlops-compareFold" aria-label={props.title}>
      <h2>
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          onClick={() => setOpen(!isOpen)}
        >
          <Caret.react tag="span" />
          <span>{props.title}</span>
          {props.note && (
            <span className="jp-Mlops-compareNote">{props.note}</span>
          )}
        </button>
      </h2>
      {isOpen && <div id={id}>{props.children}</div>}
    </section>
  );
}
