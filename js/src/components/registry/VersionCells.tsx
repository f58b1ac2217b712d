/**
 * The cells that made a version, with their colours, and why each is needed.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRecipeCell } from '../../api/registry';

/** Writes code with its colours into an element. */
export type Highlight = (code: string, into: HTMLElement) => Promise<void>;

export function VersionCells(props: {
  cells: readonly IRecipeCell[];
  highlight: Highlight;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { trans } = props;
  if (props.cells.length === 0) {
    return (
      <p className="jp-Mlops-none">
        {trans.__('What made this version was not recorded.')}
      </p>
    );
  }
  return (
    <ol className="jp-Mlops-versionRecipe" aria-label={trans.__('Cells')}>
      {props.cells.map((cell, place) => (
        <li key={place}>
          <div className="jp-Mlops-recipeHead">
            <span>[{cell.ran_as ?? ' '}]</span>
            <span>{cell.reasons.join('; ')}</span>
          </div>
          <Source source={cell.source} highlight={props.highlight} />
        </li>
      ))}
    </ol>
  );
}

function Source(props: {
  source: string;
  highlight: Highlight;
}): React.JSX.Element {
  const { source, highlight } = props;
  const place = React.useRef<HTMLPreElement>(null);
  React.useEffect(() => {
    const into = place.current;
    if (into) {
      into.textContent = '';
      void highlight(source, into).catch(() => {
        into.textContent = source;
      });
    }
  }, [source, highlight]);
  return <pre ref={place} tabIndex={0} />;
}
