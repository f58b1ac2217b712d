/**
 * Rows in sight keep their places in the page: while one scrolls, a row that comes is
 * drawn into the elements of one that went. New elements cost ten times as much.
 */

/** A thing with its place in the list. */
interface IPlaced {
  index: number;
}

/** Name the elements that a row is drawn into; no two rows in sight share them. */
export function slotOf(index: number, count: number): number {
  return index % Math.max(1, count);
}

/**
 * Put rows into the order of their elements while one scrolls, so that none is moved
 * about in the page; at rest they stand there as they are read.
 */
export function inPageOrder<T extends IPlaced>(
  rows: readonly T[],
  count: number,
  isScrolling: boolean
): readonly T[] {
  return isScrolling
    ? [...rows].sort(
        (one, other) => slotOf(one.index, count) - slotOf(other.index, count)
      )
    : rows;
}
