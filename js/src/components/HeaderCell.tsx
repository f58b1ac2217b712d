/**
 * The head of a column: says what it holds, and orders by it.
 */
import * as React from 'react';
import { caretDownIcon, caretUpIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRunColumn } from '../models/additions';
import type { IOrder } from '../models/question';
import { columnTitle, isNumeric } from './cells';

export interface IHeaderCellProps {
  column: string;
  /** The column of another extension, which the server cannot order by. */
  added?: IRunColumn;
  order: IOrder | null;
  index: number;
  isNumeric: boolean;
  onOrder: (order: IOrder | null) => void;
  trans: TranslationBundle;
}

/** What a further click on a column's head asks for. */
export function nextOrder(column: string, order: IOrder | null): IOrder | null {
  const isMine = order?.column === column;
  // Numbers and times are wanted greatest first, names from A.
  const firstIsDescending = isNumeric(column) || column === 'started';
  if (!isMine) {
    return { column, isDescending: firstIsDescending };
  }
  return order.isDescending === firstIsDescending
    ? { column, isDescending: !firstIsDescending }
    : null;
}

export function HeaderCell(props: IHeaderCellProps): React.JSX.Element {
  const { column, order, trans } = props;
  const title = props.added?.title ?? columnTitle(column, trans);
  const isMine = order?.column === column;
  const sort = !isMine
    ? 'none'
    : order.isDescending
      ? 'descending'
      : 'ascending';
  const Caret = isMine && order.isDescending ? caretDownIcon : caretUpIcon;
  return (
    <div
      role="columnheader"
      aria-colindex={props.index}
      aria-sort={props.added ? undefined : sort}
      className={props.isNumeric ? 'jp-mod-numeric' : undefined}
      data-column={column}
    >
      <button
        type="button"
        title={props.added ? title : trans.__('%1: order by it', column)}
        disabled={props.added !== undefined}
        onClick={() => props.onOrder(nextOrder(column, order))}
      >
        <span>{title}</span>
        {isMine && <Caret.react tag="span" className="jp-Mlops-caret" />}
      </button>
    </div>
  );
}
