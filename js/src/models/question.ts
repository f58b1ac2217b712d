/**
 * What is asked of a workspace's runs.
 */
import type { Query } from '../api/client';

/** One column to order by. */
export interface IOrder {
  column: string;
  isDescending: boolean;
}

/** What runs can be kept together by; nothing first. */
export const GROUPINGS = ['', 'experiment', 'parent'] as const;

/** Which runs, in which order. */
export interface IQuestion {
  /** In the run language. */
  filter: string;
  /** Words to search for. */
  text: string;
  /** Only this experiment; empty: all. */
  experiment: string;
  /** Null: newest first. */
  order: IOrder | null;
  /** What runs are kept together by; empty: nothing. */
  groupBy: (typeof GROUPINGS)[number];
  /** Whose best is told of each group. */
  metric: string;
  /** Whether archived runs are listed, too. */
  withArchived: boolean;
}

export const EVERYTHING: IQuestion = {
  filter: '',
  text: '',
  experiment: '',
  order: null,
  groupBy: '',
  metric: '',
  withArchived: false
};

/** Ask for all runs, grouped as before. */
export function everythingAs(question: IQuestion): IQuestion {
  const { groupBy, metric, withArchived } = question;
  return { ...EVERYTHING, groupBy, metric, withArchived };
}

/** Whether a question leaves any run out. */
export function isNarrowed(question: IQuestion): boolean {
  return Boolean(question.filter || question.text || question.experiment);
}

/** Write a question as the route takes it. */
export function toQuery(question: IQuestion): Query {
  const { filter, text, experiment, order, groupBy, metric } = question;
  return {
    filter,
    text,
    experiment,
    order_by: order ? toOrder(order) : '',
    group_by: groupBy,
    metric: groupBy ? metric : '',
    archived: question.withArchived ? '1' : ''
  };
}

/** Write an order in the run language. */
export function toOrder(order: IOrder): string {
  const direction = order.isDescending ? 'desc' : 'asc';
  // A column of curves is ordered by where they end.
  const column = order.column.replace(/^curves\./, 'metrics.');
  return `${toField(column)} ${direction}`;
}

/** Write a column's name as a field of the run language: keys in backquotes. */
export function toField(column: string): string {
  const dot = column.indexOf('.');
  if (dot < 0) {
    return column;
  }
  const key = column.slice(dot + 1);
  const quote = key.includes('`') ? '"' : '`';
  return `${column.slice(0, dot)}.${quote}${key}${quote}`;
}
