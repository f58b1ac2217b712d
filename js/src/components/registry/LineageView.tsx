/**
 * Where a version came from, and where it went.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ILineage } from '../../api/registry';

const Graph = React.lazy(async () => {
  const { LineageGraph } = await import('./LineageGraph');
  return { default: LineageGraph };
});

export function LineageView(props: {
  lineage: ILineage;
  onRun: (run: string) => void;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { lineage, trans } = props;
  return (
    <figure className="jp-Mlops-lineage" aria-label={trans.__('Lineage')}>
      <div className="jp-Mlops-lineageGraph">
        <React.Suspense fallback={null}>
          <Graph {...props} />
        </React.Suspense>
      </div>
      {!lineage.nodes.some(one => one.kind === 'file') && (
        <figcaption>
          {trans.__(
            'No data is recorded: a run notes the files that its own cell reads, and those of other tracked cells. Track the cell that reads the data, too.'
          )}
        </figcaption>
      )}
      {lineage.left_out > 0 && (
        <figcaption>
          {trans._n(
            '%1 further file or run is not drawn.',
            '%1 further files or runs are not drawn.',
            lineage.left_out
          )}
        </figcaption>
      )}
    </figure>
  );
}
