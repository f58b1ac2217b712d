/**
 * The cells of a run: source, state, outputs.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ICell } from '../../api/rundetails';
import type { Fetch } from '../../models/outputs';
import type { Renderers } from '../../widgets/renderers';
import { formatSeconds } from '../format';
import { RunStatusSign } from '../RunStatus';
import { Code } from './Code';
import { Outputs } from './Outputs';

export interface ICellsProps {
  cells: ICell[];
  fetch: Fetch;
  renderers: Renderers;
  trans: TranslationBundle;
}

export function Cells(props: ICellsProps): React.JSX.Element {
  return (
    <div className="jp-Mlops-cells">
      {props.cells.map(cell => (
        <RecordedCell key={cell.position} cell={cell} {...props} />
      ))}
    </div>
  );
}

function RecordedCell(
  props: Omit<ICellsProps, 'cells'> & { cell: ICell }
): React.JSX.Element {
  const { cell, fetch, renderers, trans } = props;
  const count = cell.execution_count;
  const label = trans.__('Cell %1', count ?? cell.position + 1);
  return (
    <article
      className={`jp-Mlops-cell jp-mod-${cell.status}`}
      aria-label={label}
      data-cell={cell.cell_id}
    >
      <div className="jp-Mlops-prompt">
        <span>{`[${count ?? ' '}]`}</span>
        <RunStatusSign status={cell.status} trans={trans} />
        {cell.seconds !== null && cell.status !== 'running' && (
          <span>{formatSeconds(cell.seconds)}</span>
        )}
      </div>
      <div className="jp-Mlops-cellBody">
        <Code source={cell.source} label={label} renderers={renderers} />
        {cell.outputs.length > 0 && (
          <Outputs
            outputs={cell.outputs}
            fetch={fetch}
            renderers={renderers}
            trans={trans}
          />
        )}
        {cell.error && !hasError(cell) && (
          <div className="jp-Mlops-error">
            {cell.error.name}: {cell.error.value}
          </div>
        )}
      </div>
    </article>
  );
}

function hasError(cell: ICell): boolean {
  return cell.outputs.some(output => output.output_type === 'error');
}
