/**
 * The frame of a form that stands in a page: its name, what sends and what leaves it.
 */
import * as React from 'react';

export interface IFormFrameProps {
  /** What it is for, to be heard. */
  title: string;
  /** The same is said above it. */
  hasHeading?: boolean;
  className?: string;
  isBusy?: boolean;
  onSubmit: () => Promise<void>;
  /** Escape was pressed in it. */
  onCancel: () => void;
  children: React.ReactNode;
}

export function FormFrame(props: IFormFrameProps): React.JSX.Element {
  return (
    <form
      className={['jp-Mlops-form', props.className ?? ''].join(' ').trim()}
      aria-label={props.title}
      aria-busy={props.isBusy}
      onSubmit={event => {
        event.preventDefault();
        void props.onSubmit();
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          props.onCancel();
        }
      }}
    >
      {props.hasHeading && <h3>{props.title}</h3>}
      {props.children}
    </form>
  );
}
