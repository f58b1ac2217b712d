/**
 * A text field that asks when one rests, or at once with Enter.
 */
import * as React from 'react';

const REST = 250;

export interface ITyping {
  value: string;
  onChange: (event: React.ChangeEvent<HTMLInputElement>) => void;
  onKeyDown: (event: React.KeyboardEvent<HTMLInputElement>) => void;
}

export interface IWritable extends ITyping {
  /** Write something in the user's stead. */
  write: (text: string) => void;
}

/** Hold what is typed until it is asked; Escape empties the field. */
export function useTyping(
  value: string,
  ask: (text: string) => void
): IWritable {
  const [text, setText] = React.useState(value);
  const timer = React.useRef(0);
  // Another workspace, or a button, may have changed it.
  React.useEffect(() => setText(value), [value]);
  React.useEffect(() => () => clearTimeout(timer.current), []);
  const askNow = (wanted: string): void => {
    clearTimeout(timer.current);
    if (wanted !== value) {
      ask(wanted);
    }
  };
  const write = (wanted: string): void => {
    setText(wanted);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => askNow(wanted), REST);
  };
  return {
    value: text,
    write,
    onChange: event => write(event.target.value),
    onKeyDown: event => {
      if (event.key === 'Enter') {
        askNow(text);
      } else if (event.key === 'Escape' && text) {
        event.stopPropagation();
        setText('');
        askNow('');
      }
    }
  };
}
