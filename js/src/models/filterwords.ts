/**
 * What may come next in a filter of the run language, and what is written of it.
 */

/** What a caret stands before: a name, a comparison, a value, null, or a joint. */
export type Expected = 'field' | 'operator' | 'value' | 'null' | 'joint';

/** Where in a filter somebody writes. */
export interface IWriting {
  expected: Expected;
  /** The name that a comparison or value belongs to, as written. */
  field: string;
  /** What is written of the word at the caret. */
  word: string;
  /** Where that word begins. */
  from: number;
  /** Whether it is inside the parentheses of `in`. */
  isListed: boolean;
}

const TOKEN =
  /'(?:[^']|'')*'?|[\w/-]+(?:\.(?:`[^`]*`?|"[^"]*"?|[\w/-]*))*|"(?:[^"]|"")*"?|[<>=!]+|[(),]|\S/g;
const JOINTS = ['and', 'or'];

/** Find what is being written where the caret stands. */
export function writingAt(text: string, caret: number): IWriting {
  const before = text.slice(0, caret);
  const tokens = [...before.matchAll(TOKEN)];
  const last = tokens[tokens.length - 1];
  const isOpen = last !== undefined && last.index + last[0].length === caret;
  const word = isOpen && !isClosed(last[0]) ? last[0] : '';
  const done = word ? tokens.slice(0, -1) : tokens;
  const writing: IWriting = {
    expected: 'field',
    field: '',
    word,
    from: caret - word.length,
    isListed: false
  };
  for (const [token] of done) {
    step(writing, token);
  }
  return writing;
}

/** Whether nothing can be added to a token. */
function isClosed(token: string): boolean {
  return (
    /^[(),]$/.test(token) ||
    /^'(?:[^']|'')*'$/.test(token) ||
    /[`"]$/.test(token.slice(1))
  );
}

/** Go on behind one whole token. */
function step(writing: IWriting, token: string): void {
  const word = token.toLowerCase();
  switch (writing.expected) {
    case 'field':
      if (word !== 'not' && word !== '(') {
        writing.field = token;
        writing.expected = 'operator';
      }
      break;
    case 'operator':
      if (word !== 'not') {
        writing.expected = word === 'is' ? 'null' : 'value';
      }
      break;
    case 'value':
      if (word === '(') {
        writing.isListed = true;
      } else {
        writing.expected = 'joint';
      }
      break;
    case 'null':
      writing.expected = word === 'not' ? 'null' : 'joint';
      break;
    case 'joint':
      if (word === ',' && writing.isListed) {
        writing.expected = 'value';
      } else if (word === ')') {
        writing.isListed = false;
      } else if (JOINTS.includes(word)) {
        writing.expected = 'field';
        writing.field = '';
      }
  }
}
