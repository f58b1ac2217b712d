/**
 * A unified diff as two columns of lines, and what changed within a line.
 */

export interface ISide {
  number: number;
  text: string;
}

/** Two lines beside each other. */
export interface IDiffRow {
  kind: 'equal' | 'changed' | 'gap';
  left: ISide | null;
  right: ISide | null;
}

/** From where to where in a line, in letters. */
export type Stretch = readonly [number, number];

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** Lay a unified diff out in two columns: what went beside what came. */
export function diffRows(lines: readonly string[]): IDiffRow[] {
  const rows: IDiffRow[] = [];
  let [left, right] = [1, 1];
  let gone: ISide[] = [];
  let come: ISide[] = [];
  const flush = (): void => {
    for (let at = 0; at < Math.max(gone.length, come.length); at++) {
      rows.push({
        kind: 'changed',
        left: gone[at] ?? null,
        right: come[at] ?? null
      });
    }
    [gone, come] = [[], []];
  };
  for (const line of lines) {
    const hunk = HUNK.exec(line);
    const text = line.slice(1);
    if (hunk) {
      flush();
      // A side of no lines is counted from the line before it.
      left = Math.max(1, Number(hunk[1]));
      right = Math.max(1, Number(hunk[2]));
      if (rows.length > 0 || left > 1) {
        rows.push({ kind: 'gap', left: null, right: null });
      }
    } else if (line.startsWith('-')) {
      gone.push({ number: left++, text });
    } else if (line.startsWith('+')) {
      come.push({ number: right++, text });
    } else {
      flush();
      rows.push({
        kind: 'equal',
        left: { number: left++, text },
        right: { number: right++, text }
      });
    }
  }
  flush();
  return rows;
}

/** The stretch of each of two lines that is not the same in both. */
export function changedStretches(
  left: string,
  right: string
): [Stretch, Stretch] {
  const most = Math.min(left.length, right.length);
  let start = 0;
  while (start < most && left[start] === right[start]) {
    start += 1;
  }
  let end = 0;
  while (
    end < most - start &&
    left[left.length - 1 - end] === right[right.length - 1 - end]
  ) {
    end += 1;
  }
  return [
    [start, left.length - end],
    [start, right.length - end]
  ];
}

/** The text of one column, as it can be coloured. */
export function columnText(
  rows: readonly IDiffRow[],
  side: 'left' | 'right'
): string {
  return rows.map(row => row[side]?.text ?? '').join('\n');
}
