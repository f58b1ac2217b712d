/**
 * The runs as a grid: only rows in sight exist, however many runs there are.
 */
import * as React from 'react';
import { getCoreRowModel, useReactTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Virtualizer } from '@tanstack/react-virtual';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRun } from '../api/wire';
import { ADDED } from '../models/additions';
import type { AdditionsModel } from '../models/additions';
import { NAME, numericColumns } from '../models/columns';
import type { Outline } from '../models/outline';
import type { RunsModel } from '../models/runs';
import type { TableModel } from '../models/table';
import { GroupRow } from './GroupRow';
import { HeaderCell } from './HeaderCell';
import { useOutline } from './outlining';
import { usePicking } from './picking';
import type { IPicking } from './picking';
import { RunRow, rowId } from './RunRow';
import { useShifting } from './shifting';
import { inPageOrder, slotOf } from './slots';
import { columnWidth, placeColumns, toTemplate } from './widths';
import type { IColumn, IPlacedColumn } from './widths';

const ROW = 26;
const HEAD = 26;
const OVERSCAN = 8;

export interface IRunsTableProps {
  runs: RunsModel;
  table: TableModel;
  additions: AdditionsModel;
  onOpen: (run: IRun) => void;
  trans: TranslationBundle;
}

export function RunsTable(props: IRunsTableProps): React.JSX.Element {
  const { additions, runs, table, trans } = props;
  const scroller = React.useRef<HTMLDivElement>(null);
  const picking = usePicking(runs, table);
  const outlining = useOutline(runs, table, picking);
  const { outline, front } = outlining;
  const columns = useColumns(table, additions);
  useShifting(scroller);
  const rows = useVirtualizer({
    count: outline.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
    paddingStart: 0,
    scrollPaddingStart: HEAD
  });
  useFetching(runs, rows, outline);
  useTopOnNews(runs, scroller);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.target !== event.currentTarget) {
      return;
    }
    const line = outlining.onKey(event, pageRows(rows));
    const run = front < 0 ? undefined : runAt(runs, outline, front);
    if (line !== null) {
      event.preventDefault();
      rows.scrollToIndex(line);
    } else if (event.key === 'Enter' && run) {
      props.onOpen(run);
    } else {
      onPickingKey(event, picking);
    }
  };
  const { order } = runs.question;
  const shown = columns.map(column => column.id);
  const look = useLook(runs, columns, picking, rows.isScrolling);
  const items = rows.getVirtualItems();
  const slots = useSlotCount(rows, items.length);
  return (
    <div
      ref={scroller}
      className="jp-Mlops-grid"
      role={outline.isGrouped ? 'treegrid' : 'grid'}
      tabIndex={0}
      aria-label={trans.__('Runs')}
      aria-multiselectable="true"
      aria-rowcount={outline.count + 1}
      aria-colcount={shown.length}
      aria-activedescendant={front < 0 ? undefined : rowId(front)}
      style={toTemplate(columns)}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className="jp-Mlops-head">
        <div role="row" aria-rowindex={1}>
          {shown.map((column, at) => (
            <HeaderCell
              key={column}
              column={column}
              added={additions.column(column)}
              index={at + 1}
              isNumeric={look.numeric.has(column)}
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
        {inPageOrder(items, slots, rows.isScrolling).map(item => {
          const line = outline.line(item.index);
          if ('group' in line) {
            return (
              <GroupRow
                key={`group ${line.group.key}`}
                group={line.group}
                isClosed={line.isClosed}
                isInFront={item.index === front}
                line={item.index}
                top={item.start}
                columnCount={shown.length}
                metric={runs.question.metric}
                onToggle={outlining.toggle}
                trans={trans}
              />
            );
          }
          const run = runs.row(line.place);
          return (
            <RunRow
              key={slotOf(item.index, slots)}
              run={run}
              hit={run && runs.hit(run.run_id)}
              place={line.place}
              line={item.index}
              isNested={outline.isGrouped}
              top={item.start}
              columns={look.columns}
              additions={additions}
              numeric={look.numeric}
              drawing={look.drawing}
              isInFront={item.index === front}
              isPicked={run !== undefined && table.isPicked(run.run_id)}
              onSelect={look.onSelect}
              onOpen={props.onOpen}
              trans={trans}
            />
          );
        })}
      </div>
    </div>
  );
}

interface ILook {
  /** Those behind the first. */
  columns: readonly IPlacedColumn[];
  numeric: ReadonlySet<string>;
  drawing: number;
  onSelect: (place: number, event: React.MouseEvent) => void;
}

/** What all rows have in common: it stays the same while one scrolls. */
function useLook(
  runs: RunsModel,
  shown: readonly IColumn[],
  picking: IPicking,
  isScrolling: boolean
): ILook {
  const press = React.useRef(picking.press);
  press.current = picking.press;
  const look = React.useRef<ILook | null>(null);
  const isSame =
    look.current !== null &&
    isScrolling &&
    look.current.columns.length === shown.length - 1 &&
    look.current.columns.every(({ id }, at) => id === shown[at + 1]?.id);
  if (!isSame) {
    look.current = {
      columns: placeColumns(shown),
      numeric: numericColumns(
        runs.rows(),
        shown.map(column => column.id)
      ),
      drawing: (look.current?.drawing ?? 0) + 1,
      onSelect: look.current?.onSelect ?? onSelect
    };
  }
  return look.current!;

  function onSelect(place: number, event: React.MouseEvent): void {
    if (event.shiftKey) {
      // It would mark the words in between.
      event.preventDefault();
      (event.currentTarget.closest('.jp-Mlops-grid') as HTMLElement).focus();
    }
    press.current(place, event);
  }
}

/** The run on a line; a group's head has none. */
function runAt(
  runs: RunsModel,
  outline: Outline,
  at: number
): IRun | undefined {
  const line = outline.line(at);
  return 'place' in line ? runs.row(line.place) : undefined;
}

/** The columns in their order, as the table library has them. */
function useColumns(table: TableModel, additions: AdditionsModel): IColumn[] {
  const ids = React.useMemo(
    () => [NAME, ...shownColumns(table, additions)],
    [table.columns, additions.columns]
  );
  const columns = React.useMemo(
    () =>
      ids.map(id => ({
        id,
        size: additions.column(id)?.width ?? columnWidth(id)
      })),
    [ids, additions]
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

/** The columns chosen; a chosen one may be of an extension that is gone. */
function shownColumns(
  table: TableModel,
  additions: AdditionsModel
): readonly string[] {
  return table.columns.filter(
    one => !one.startsWith(ADDED) || additions.column(one)
  );
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
function useFetching(runs: RunsModel, rows: Rows, outline: Outline): void {
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items[items.length - 1]?.index ?? 0;
  React.useEffect(() => {
    void runs.need(outline.places(first, last));
  }, [runs, outline, first, last]);
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

/** How many rows may be in sight at once: it grows, as each change draws all anew. */
function useSlotCount(rows: Rows, inSight: number): number {
  const height = rows.scrollRect?.height ?? 0;
  const most = Math.ceil(height / ROW) + 2 * OVERSCAN + 2;
  const count = React.useRef(0);
  count.current = Math.max(count.current, most, inSight);
  return count.current;
}

function pageRows(rows: Rows): number {
  const height = rows.scrollRect?.height ?? 0;
  return Math.max(1, Math.floor((height - HEAD) / ROW) - 1);
}
