/**
 * The runs as a grid: only rows in sight exist, however many runs there are.
 */
import * as React from 'react';
import { getCoreRowModel, useReactTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Virtualizer } from '@tanstack/react-virtual';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRun } from '../api/wire';
import { NAME, numericColumns } from '../models/columns';
import type { RunsModel } from '../models/runs';
import type { TableModel } from '../models/table';
import { HeaderCell } from './HeaderCell';
import { moved } from './keys';
import { usePicking } from './picking';
import type { IPicking } from './picking';
import { RunRow, rowId } from './RunRow';
import { columnWidth } from './widths';

const ROW = 26;
const HEAD = 26;
const OVERSCAN = 8;

export interface IRunsTableProps {
  runs: RunsModel;
  table: TableModel;
  onOpen: (run: IRun) => void;
  trans: TranslationBundle;
}

export function RunsTable(props: IRunsTableProps): React.JSX.Element {
  const { runs, table, trans } = props;
  const scroller = React.useRef<HTMLDivElement>(null);
  const picking = usePicking(runs, table);
  const { active } = picking;
  const columns = useColumns(table);
  const rows = useVirtualizer({
    count: runs.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
    paddingStart: 0,
    scrollPaddingStart: HEAD
  });
  useFetching(runs, rows);
  useTopOnNews(runs, scroller);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const run = runs.row(active);
    if (event.key === 'Enter' && run && event.target === event.currentTarget) {
      props.onOpen(run);
      return;
    }
    const place = moved(event.key, active, runs.total, pageRows(rows));
    if (place !== null) {
      event.preventDefault();
      picking.go(place, event);
      rows.scrollToIndex(place);
    } else if (event.target === event.currentTarget) {
      onPickingKey(event, picking);
    }
  };
  const onPress = (place: number, event: React.MouseEvent): void => {
    if (event.shiftKey) {
      // It would mark the words in between.
      event.preventDefault();
      scroller.current?.focus();
    }
    picking.press(place, event);
  };
  const { order } = runs.question;
  const shown = columns.map(column => column.id);
  const numeric = numericColumns(runs.rows(), shown);
  return (
    <div
      ref={scroller}
      className="jp-Mlops-grid"
      role="grid"
      tabIndex={0}
      aria-label={trans.__('Runs')}
      aria-multiselectable="true"
      aria-rowcount={runs.total + 1}
      aria-colcount={shown.length}
      aria-activedescendant={active < 0 ? undefined : rowId(active)}
      style={toTemplate(columns)}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className="jp-Mlops-head">
        <div role="row" aria-rowindex={1}>
          {shown.map((column, at) => (
            <HeaderCell
              key={column}
              column={column}
              index={at + 1}
              isNumeric={numeric.has(column)}
              order={order}
              onOrder={next => void runs.ask({ order: next })}
              trans={trans}
            />
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        className="jp-Mlops-body"
        style={{ height: rows.getTotalSize() }}
      >
        {rows.getVirtualItems().map(item => {
          const run = runs.row(item.index);
          return (
            <RunRow
              key={item.index}
              run={run}
              hit={run && runs.hit(run.run_id)}
              place={item.index}
              top={item.start}
              columns={shown.slice(1)}
              numeric={numeric}
              isInFront={item.index === active}
              isPicked={run !== undefined && table.isPicked(run.run_id)}
              onSelect={onPress}
              onOpen={props.onOpen}
              trans={trans}
            />
          );
        })}
      </div>
    </div>
  );
}

interface IColumn {
  id: string;
  width: number;
}

/** The columns in their order, as the table library has them. */
function useColumns(table: TableModel): IColumn[] {
  const ids = React.useMemo(() => [NAME, ...table.columns], [table.columns]);
  const columns = React.useMemo(
    () => ids.map(id => ({ id, size: columnWidth(id) })),
    [ids]
  );
  const grid = useReactTable<IRun>({
    columns,
    data: NO_ROWS,
    getCoreRowModel: getCoreRowModel(),
    manualSorting: true,
    manualFiltering: true
  });
  return grid
    .getVisibleLeafColumns()
    .map(column => ({ id: column.id, width: column.getSize() }));
}

/** Keys that pick: Space one more, Ctrl A all, Escape one alone. */
function onPickingKey(event: React.KeyboardEvent, picking: IPicking): void {
  const pick =
    event.key === ' '
      ? picking.toggle
      : event.key === 'a' && (event.ctrlKey || event.metaKey)
        ? picking.pickAll
        : event.key === 'Escape'
          ? picking.pickOne
          : null;
  if (pick) {
    event.preventDefault();
    pick();
  }
}

/** Rows come by the page, and are none of the library's. */
const NO_ROWS: IRun[] = [];

type Rows = Virtualizer<HTMLDivElement, Element>;

/** Fetch the rows that come into sight. */
function useFetching(runs: RunsModel, rows: Rows): void {
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items[items.length - 1]?.index ?? 0;
  React.useEffect(() => {
    void runs.need(first, last);
  }, [runs, first, last]);
}

/** An answer to another question is read from its beginning. */
function useTopOnNews(
  runs: RunsModel,
  scroller: React.RefObject<HTMLDivElement>
): void {
  const { generation } = runs;
  React.useLayoutEffect(() => {
    if (scroller.current) {
      scroller.current.scrollTop = 0;
    }
  }, [generation, scroller]);
}

function pageRows(rows: Rows): number {
  const height = rows.scrollRect?.height ?? 0;
  return Math.max(1, Math.floor((height - HEAD) / ROW) - 1);
}

/** The widths of all columns, for every row at once. */
function toTemplate(columns: readonly IColumn[]): React.CSSProperties {
  const [name, ...others] = columns;
  const widths = others.map(column => `${column.width}px`).join(' ');
  const total = columns.reduce((sum, column) => sum + column.width, 0);
  return {
    ['--jp-mlops-columns' as string]: `minmax(${name?.width ?? 0}px, 1fr) ${widths}`,
    ['--jp-mlops-width' as string]: `${total}px`
  };
}
