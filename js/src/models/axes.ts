/**
 * Axes for the values of runs: numbers, numbers by their logarithm, or words.
 */
import type { Noun } from '../api/compare';
import type { IRun, JsonValue } from '../api/wire';
import { splitColumn } from './columns';
import { numberOf, valueOf } from './comparedrows';

export type Scale = 'linear' | 'log' | 'words';

export interface ITick {
  /** From 0, the low end, to 1. */
  at: number;
  value: JsonValue;
}

export interface IAxis {
  /** As `params.C` or `metrics.auc`. */
  column: string;
  scale: Scale;
  /** Scales that these values can be laid on. */
  scales: readonly Scale[];
  ticks: readonly ITick[];
  /** Where a run lies, from 0 to 1; null where it has no such value. */
  place: (run: IRun) => number | null;
}

/** Beyond this words are not told apart. */
const MOST_WORDS = 30;
const TICKS = 4;
/** Ticks that are nearer than this would be written over each other. */
const NEAR = 0.08;
/** From this ratio on, numbers are laid out by their logarithm. */
const WIDE = 100;

/** The value of a run in a column. */
export function columnValue(run: IRun, column: string): JsonValue | undefined {
  const [noun, name] = splitColumn(column);
  return valueOf(run, noun as Noun, name);
}

/** Lay the values of a column out, by `wanted` where that can be done. */
export function axisOf(
  column: string,
  runs: readonly IRun[],
  wanted?: Scale
): IAxis {
  const values = runs.map(run => columnValue(run, column));
  const numbers = values.map(numberOf).filter(Number.isFinite);
  const scales = scalesOf(values, numbers);
  const scale =
    wanted && scales.includes(wanted) ? wanted : likely(scales, numbers);
  return scale === 'words'
    ? wordAxis(column, values, scales)
    : numberAxis(column, numbers, scale, scales);
}

function scalesOf(
  values: readonly (JsonValue | undefined)[],
  numbers: readonly number[]
): Scale[] {
  const isNumeric =
    numbers.length > 0 &&
    values.every(value => value === undefined || isNumber(value));
  if (!isNumeric) {
    return ['words'];
  }
  const few = new Set(numbers).size <= MOST_WORDS;
  const isPositive = numbers.every(value => value > 0);
  return [
    'linear',
    ...(isPositive ? (['log'] as const) : []),
    ...(few ? (['words'] as const) : [])
  ];
}

function isNumber(value: JsonValue): boolean {
  return (
    typeof value === 'number' ||
    value === 'NaN' ||
    value === 'Infinity' ||
    value === '-Infinity'
  );
}

function likely(scales: readonly Scale[], numbers: readonly number[]): Scale {
  const [least, most] = extremes(numbers);
  return scales.includes('log') && most / least >= WIDE
    ? 'log'
    : (scales[0] ?? 'words');
}

function numberAxis(
  column: string,
  numbers: readonly number[],
  scale: Scale,
  scales: readonly Scale[]
): IAxis {
  const to = scale === 'log' ? Math.log10 : (value: number) => value;
  const [least, most] = extremes(numbers).map(to) as [number, number];
  const span = most - least;
  const at = (value: number): number =>
    span === 0 ? 0.5 : (to(value) - least) / span;
  return {
    column,
    scale,
    scales,
    ticks: withEnds(
      numberTicks(least, most, scale).map(value => ({ at: at(value), value })),
      extremes(numbers)
    ),
    place: run => {
      const value = numberOf(columnValue(run, column));
      return Number.isFinite(value) ? at(value) : null;
    }
  };
}

/** The least and the greatest value, and of the others those not too near to them. */
function withEnds(
  ticks: readonly ITick[],
  [least, most]: [number, number]
): ITick[] {
  if (least === most) {
    return [{ at: 0.5, value: least }];
  }
  const inner = ticks.filter(({ at }) => at > NEAR && at < 1 - NEAR);
  return [{ at: 0, value: least }, ...inner, { at: 1, value: most }];
}

function wordAxis(
  column: string,
  values: readonly (JsonValue | undefined)[],
  scales: readonly Scale[]
): IAxis {
  const known = new Map<string, JsonValue>();
  for (const value of values) {
    if (value !== undefined) {
      known.set(JSON.stringify(value), value);
    }
  }
  const words = [...known.keys()].sort((one, other) =>
    one.localeCompare(other, undefined, { numeric: true })
  );
  const places = new Map(
    words.map((word, place) => [
      word,
      words.length === 1 ? 0.5 : place / (words.length - 1)
    ])
  );
  const step = Math.ceil(words.length / MOST_WORDS);
  return {
    column,
    scale: 'words',
    scales,
    ticks: words
      .filter((_, place) => place % step === 0)
      .map(word => ({
        at: places.get(word) ?? 0,
        value: known.get(word) ?? null
      })),
    place: run => places.get(JSON.stringify(columnValue(run, column))) ?? null
  };
}

function extremes(numbers: readonly number[]): [number, number] {
  return numbers.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity]
  );
}

/** Round numbers between two, given by their logarithms on a log scale. */
function numberTicks(least: number, most: number, scale: Scale): number[] {
  const back = scale === 'log' ? (value: number) => 10 ** value : same;
  if (least === most) {
    return [back(least)];
  }
  if (scale === 'log' && most - least >= 2) {
    const step = Math.ceil((most - least) / TICKS);
    const first = Math.ceil(least - 1e-9);
    return range(first, most, step).map(power => Number(`1e${power}`));
  }
  if (scale === 'log') {
    // Within two decades the ends tell more than one power of ten.
    return [back(least), back((least + most) / 2), back(most)].map(shortened);
  }
  const rough = (most - least) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find(times => times * power >= rough) ?? 10);
  return range(Math.ceil(least / step - 1e-9), most / step, 1).map(times =>
    shortened(times * step)
  );
}

function range(first: number, last: number, step: number): number[] {
  const found: number[] = [];
  for (let value = first; value <= last + 1e-9; value += step) {
    found.push(value);
  }
  return found;
}

function same(value: number): number {
  return value;
}

function shortened(value: number): number {
  return Number(value.toPrecision(6));
}
