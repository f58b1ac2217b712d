/**
 * How the ends and ticks of a curve's axes are written.
 */

const THOUSAND = 1000;
const MILLION = 1e6;

/** Write a step in few letters. */
export function formatStep(step: number): string {
  const size = Math.abs(step);
  if (size >= MILLION) {
    return `${Number((step / MILLION).toPrecision(6))}M`;
  }
  return size >= 10 * THOUSAND
    ? `${Number((step / THOUSAND).toPrecision(6))}k`
    : String(Number(step.toPrecision(9)));
}

const MINUTE = 60;
const HOUR = 3600;

/** Write seconds as a clock that began with the run. */
export function formatClock(seconds: number): string {
  if (Math.abs(seconds) < MINUTE) {
    return `${Number(seconds.toPrecision(6))} s`;
  }
  const sign = seconds < 0 ? '−' : '';
  const whole = Math.abs(Math.round(seconds));
  const two = (part: number): string =>
    String(Math.floor(part)).padStart(2, '0');
  const hours = Math.floor(whole / HOUR);
  const minutes = two((whole % HOUR) / MINUTE);
  const rest = two(whole % MINUTE);
  return hours > 0
    ? `${sign}${hours}:${minutes}:${rest}`
    : `${sign}${Number(minutes)}:${rest}`;
}
