/**
 * A line of a run in which searched words are marked.
 */
import * as React from 'react';

import type { IHit } from '../api/wire';

/** Cut a hit into pieces, every second one of which is marked. */
export function cutSnippet(hit: IHit): string[] {
  const pieces: string[] = [];
  // The server counts characters, not halves of them.
  const letters = [...hit.snippet];
  let from = 0;
  for (const [start, end] of hit.marks) {
    pieces.push(letters.slice(from, start).join(''));
    pieces.push(letters.slice(start, end).join(''));
    from = end;
  }
  pieces.push(letters.slice(from).join(''));
  return pieces;
}

export function Snippet(props: { hit: IHit }): React.JSX.Element {
  return (
    <span className="jp-Mlops-snippet" title={props.hit.field}>
      {cutSnippet(props.hit).map((piece, at) =>
        at % 2 ? <mark key={at}>{piece}</mark> : piece
      )}
    </span>
  );
}
