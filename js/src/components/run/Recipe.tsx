/**
 * The fewest cells that made the result, and why each is kept.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRecipe } from '../../api/rundetails';
import type { Renderers } from '../../widgets/renderers';
import { Code } from './Code';

export function Recipe(props: {
  recipe: IRecipe;
  renderers: Renderers;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { recipe, renderers, trans } = props;
  return (
    <>
      {recipe.warnings.map(warning => (
        <p key={warning} className="jp-Mlops-warning">
          {trans.__('Beware: %1', warning)}
        </p>
      ))}
      <ol className="jp-Mlops-recipe">
        {recipe.cells.map((cell, at) => (
          <li key={at}>
            <p className="jp-Mlops-reasons">
              <span>{cell.ran_as === null ? '[ ]' : `[${cell.ran_as}]`}</span>
              {cell.reasons.join('; ')}
            </p>
            <Code
              source={cell.source}
              label={trans.__('Cell %1 of the recipe', at + 1)}
              renderers={renderers}
            />
          </li>
        ))}
      </ol>
    </>
  );
}
