/**
 * One row of the runs table; a run that is not here yet leaves its place empty.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IHit, IRun } from '../api/wire';
import type { AdditionsModel } from '../models/additions';
import { Cell } from './cells';
import { showHint } from './hints';
import { RunStatusSign } from './RunStatus';
import { Snippet } from './Snippet';
import type { IPlacedColumn } from './widths';

export interface IRunRowProps {
  run: IRun | undefined;
  hit: IHit | undefined;
  /** Its place in the answer. */
  place: number;
  /** Its line in the table: heads of groups have lines, too. */
  line: number;
  /** Whether it is in a group. */
  isNested: boolean;
  top: number;
  columns: readonly IPlacedColumn[];
  additions: AdditionsModel;
  numeric: ReadonlySet<string>;
  /** Which drawing of the table it is: rows in sight stay as they are in one. */
  drawing: number;
  isInFront: boolean;
  isPicked: boolean;
  onSelect: (place: number, event: React.MouseEvent) => void;
  onOpen: (run: IRun) => void;
  trans: TranslationBundle;
}

/** The id of a row in the page, for those who hear it. */
export function rowId(line: number): string {
  return `jp-Mlops-run-${line}`;
}

/** While one scrolls, only rows that come into sight are drawn. */
export const RunRow = React.memo(function RunRow(
  props: IRunRowProps
): React.JSX.Element {
  const { run, place, columns, trans } = props;
  return (
    <div
      role="row"
      id={rowId(props.line)}
      aria-rowindex={props.line + 2}
      aria-level={props.isNested ? 2 : undefined}
      aria-selected={props.isPicked}
      className={`jp-Mlops-row ${props.isInFront ? 'jp-mod-front' : ''} ${
        props.isNested ? 'jp-mod-nested' : ''
      }`}
      data-run={run?.run_id}
      style={{ transform: `translateY(${props.top}px)` }}
      onMouseDown={event => props.onSelect(place, event)}
      onDoubleClick={() => run && props.onOpen(run)}
      onMouseOver={event => run && showHint(event, run)}
    >
      <div role="gridcell" aria-colindex={1} className="jp-Mlops-name">
        {run && <RunStatusSign status={run.status} trans={trans} />}
        {run && <span>{run.name}</span>}
        {props.hit && <Snippet hit={props.hit} />}
      </div>
      {columns.map(({ id: column, place }, at) => (
        <div
          key={column}
          role="gridcell"
          aria-colindex={at + 2}
          className={props.numeric.has(column) ? 'jp-mod-numeric' : undefined}
          data-column={column}
          style={place}
        >
          {run && (
            <Cell
              run={run}
              column={column}
              added={props.additions.column(column)}
              trans={trans}
            />
          )}
        </div>
      ))}
    </div>
  );
});
