/**
 * How wide columns are before anybody says otherwise, in pixels.
 */
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
