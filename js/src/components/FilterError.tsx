/**
 * What is wrong with a filter, and where.
 */
import * as React from 'react';

import type { IRefusal } from '../models/runs';

/** The sentence's id in the page. */
export const FILTER_ERROR = 'jp-Mlops-filter-error';
/** So many letters before the fault are shown. */
const BEFORE = 24;

export function FilterError(props: {
  refusal: IRefusal;
  filter: string;
  isWrong: boolean;
}): React.JSX.Element {
  const { refusal, filter } = props;
  const letters = [...filter];
  const at = refusal.position;
  return (
    <div id={FILTER_ERROR} className="jp-Mlops-error" role="alert">
      {props.isWrong && at >= 0 && (
        <code>
          {letters.slice(Math.max(0, at - BEFORE), at).join('')}
          <mark>{letters.slice(at).join('').trim() || '␣'}</mark>
        </code>
      )}
      <span>{refusal.sentence}</span>
    </div>
  );
}
