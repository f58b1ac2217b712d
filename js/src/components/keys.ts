/**
 * Where keys lead in a list.
 */

/** The place that a key leads to from `place`, null if it leads nowhere. */
export function moved(
  key: string,
  place: number,
  total: number,
  page: number
): number | null {
  const steps: { [key: string]: number } = {
    ArrowDown: place + 1,
    ArrowUp: place - 1,
    PageDown: place + page,
    PageUp: place - page,
    Home: 0,
    End: total - 1
  };
  const wanted = steps[key];
  if (wanted === undefined || total === 0) {
    return null;
  }
  return Math.min(total - 1, Math.max(0, wanted));
}
