/**
 * How sizes look.
 */
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
const STEP = 1000;

/** Write a size in the unit that fits. */
export function formatBytes(size: number): string {
  let value = size;
  let unit = 0;
  while (value >= STEP && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  const shown =
    unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1);
  return `${shown} ${UNITS[unit]}`;
}
