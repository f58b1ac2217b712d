/**
 * How wide columns are before anybody says otherwise, in pixels.
 */
import type * as React from 'react';

import { splitColumn } from '../models/columns';

const WIDTHS: { [noun: string]: number } = {
  name: 132,
  metrics: 76,
  curves: 96,
  params: 84,
  tags: 92,
  started: 84,
  seconds: 84,
  experiment: 110,
  kind: 76
};
const LETTER = 7;
const MARGIN = 28;
const WIDEST = 160;

/** The width of a column: its kind's, more for a long name. */
export function columnWidth(column: string): number {
  const [noun, key] = splitColumn(column);
  const usual = WIDTHS[noun] ?? 90;
  const title = Math.min(WIDEST, key.length * LETTER + MARGIN);
  return Math.max(usual, title);
}

/** A column with its width. */
export interface IColumn {
  id: string;
  width: number;
}

/** A column behind the first, with where its cells are. */
export interface IPlacedColumn {
  id: string;
  place: React.CSSProperties;
}

/** Place columns from the right: the first has what room they leave. */
export function placeColumns(columns: readonly IColumn[]): IPlacedColumn[] {
  let right = columns.slice(1).reduce((sum, one) => sum + one.width, 0);
  return columns.slice(1).map(({ id, width }) => {
    right -= width;
    return { id, place: { right, width } };
  });
}

/** The widths of all columns, for every row at once. */
export function toTemplate(columns: readonly IColumn[]): React.CSSProperties {
  const [name, ...others] = columns;
  const widths = others.map(column => `${column.width}px`).join(' ');
  const rest = others.reduce((sum, column) => sum + column.width, 0);
  return {
    ['--jp-mlops-columns' as string]: `minmax(${name?.width ?? 0}px, 1fr) ${widths}`,
    ['--jp-mlops-others' as string]: `${rest}px`,
    ['--jp-mlops-width' as string]: `${rest + (name?.width ?? 0)}px`
  };
}
