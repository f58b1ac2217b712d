/**
 * How values look in a narrow table.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import { toNumber } from '../api/wire';
import type { JsonValue, WireNumber } from '../api/wire';

const DIGITS = 5;
const SMALL = 1e-4;
const GREAT = 1e6;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

/** Write a number in few digits, as far as they tell. */
export function formatNumber(value: WireNumber): string {
  const number = toNumber(value);
  if (!Number.isFinite(number)) {
    return Number.isNaN(number) ? 'NaN' : number > 0 ? '∞' : '−∞';
  }
  const size = Math.abs(number);
  if (Number.isInteger(number) && size < GREAT) {
    return String(number);
  }
  if (size !== 0 && (size < SMALL || size >= GREAT)) {
    return number.toExponential(DIGITS - 2).replace('e+', 'e');
  }
  return String(Number(number.toPrecision(DIGITS)));
}

/** Write a param's value. */
export function formatValue(value: JsonValue | undefined): string {
  if (value === undefined) {
    return '';
  }
  if (typeof value === 'number') {
    return formatNumber(value);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Write how long something took. */
export function formatSeconds(seconds: number): string {
  if (seconds < MINUTE) {
    return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  }
  if (seconds < HOUR) {
    return `${Math.floor(seconds / MINUTE)} min ${Math.round(seconds % MINUTE)} s`;
  }
  const minutes = Math.round((seconds % HOUR) / MINUTE);
  return `${Math.floor(seconds / HOUR)} h ${minutes} min`;
}

/** Write how long ago a time was, in one or two words. */
export function formatAgo(
  moment: string,
  trans: TranslationBundle,
  now: number = Date.now()
): string {
  const seconds = Math.max(0, (now - Date.parse(moment)) / 1000);
  if (seconds < 10) {
    return trans.__('just now');
  }
  if (seconds < MINUTE) {
    return trans.__('%1 s ago', Math.floor(seconds));
  }
  if (seconds < HOUR) {
    return trans.__('%1 min ago', Math.floor(seconds / MINUTE));
  }
  if (seconds < DAY) {
    return trans.__('%1 h ago', Math.floor(seconds / HOUR));
  }
  if (seconds < 30 * DAY) {
    return trans.__('%1 d ago', Math.floor(seconds / DAY));
  }
  return new Date(moment).toLocaleDateString();
}
