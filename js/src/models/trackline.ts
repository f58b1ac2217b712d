/**
 * The line `%%track` above a cell, as the kernel part reads it.
 */

const MAGIC = '%%track';
/** What a secret is replaced by in the record. */
const MASKED = /<masked:[^>]*>/;

/** Whether a cell is tracked by a line of its own. */
export function isTracked(source: string): boolean {
  return placeOf(source.split('\n')) >= 0;
}

/** The same cell with the line, or without it. */
export function toggled(source: string): string {
  const lines = source.split('\n');
  const place = placeOf(lines);
  if (place >= 0) {
    lines.splice(place, 1);
    return lines.join('\n');
  }
  return source === '' ? `${MAGIC}\n` : `${MAGIC}\n${source}`;
}

/** What `%track` said last in a cell: on, off, or nothing. */
export function modeSet(source: string): boolean | null {
  const words = [...source.matchAll(/^\s*%track[ \t]+(on|off)\b/gm)];
  const last = words[words.length - 1];
  return last === undefined ? null : last[1] === 'on';
}

/** Whether a cell is another one than what was recorded. */
export function hasChanged(recorded: string, source: string): boolean {
  const was = recorded.trimEnd().split('\n');
  const is = source.trimEnd().split('\n');
  return (
    was.length !== is.length ||
    // A line that held a secret cannot be compared: it counts as equal.
    was.some((line, at) => line !== is[at] && !MASKED.test(line))
  );
}

/** Find the line among the cell magics at the cell's head. */
function placeOf(lines: readonly string[]): number {
  for (const [place, line] of lines.entries()) {
    const word = line.trim().split(/\s+/)[0] ?? '';
    if (word === MAGIC) {
      return place;
    }
    if (word !== '' && !word.startsWith('%%')) {
      return -1;
    }
  }
  return -1;
}
