import { nullTranslator } from '@jupyterlab/translation';

import type { IRunPage } from '../src/api/wire';
import { cellText } from '../src/components/cells';
import {
  formatAgo,
  formatNumber,
  formatSeconds
} from '../src/components/format';
import { nextOrder } from '../src/components/HeaderCell';
import { moved } from '../src/components/keys';
import { cutSnippet } from '../src/components/Snippet';
import { payload } from './payloads';

const TRANS = nullTranslator.load('jupyter_mlops');

describe('formatting', () => {
  it.each([
    [0.123456789, '0.12346'],
    [1234567, '1.235e6'],
    [0.0000123, '1.230e-5'],
    [12, '12'],
    [0, '0'],
    ['NaN' as const, 'NaN'],
    ['-Infinity' as const, '−∞']
  ])('writes %s in few digits', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it.each([
    [0.26, '0.3 s'],
    [42, '42 s'],
    [61, '1 min 1 s'],
    [7300, '2 h 2 min']
  ])('writes %s seconds', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });

  it('says how long ago', () => {
    const now = Date.parse('2026-11-01T18:30:00Z');
    expect(formatAgo('2026-11-01T18:29:55Z', TRANS, now)).toBe('just now');
    expect(formatAgo('2026-11-01T15:00:00Z', TRANS, now)).toBe('3 h ago');
  });

  it('writes a cell of each kind', () => {
    const run = payload<IRunPage>('RunPage').runs[0]!;
    const text = (column: string): string => cellText(run, column, TRANS);
    expect(text('metrics.auc')).toBe('0.75');
    expect(text('metrics.none')).toBe('');
    expect(text('params.sizes')).toBe('[1,"Infinity"]');
    expect(text('tags.mlops.verify')).toBe('reproduced');
    expect(text('tags.team')).toBe('risk');
    expect(text('seconds')).toBe('2.0 s');
  });
});

describe('the table', () => {
  it('orders by a third click as before', () => {
    const first = nextOrder('metrics.auc', null);
    expect(first).toEqual({ column: 'metrics.auc', isDescending: true });
    const second = nextOrder('metrics.auc', first);
    expect(second?.isDescending).toBe(false);
    expect(nextOrder('metrics.auc', second)).toBeNull();
    expect(nextOrder('name', first)?.isDescending).toBe(false);
  });

  it('moves by keys and stays inside', () => {
    expect(moved('ArrowDown', -1, 5, 3)).toBe(0);
    expect(moved('ArrowUp', 0, 5, 3)).toBe(0);
    expect(moved('PageDown', 3, 5, 3)).toBe(4);
    expect(moved('End', 0, 5, 3)).toBe(4);
    expect(moved('a', 0, 5, 3)).toBeNull();
    expect(moved('Home', 0, 0, 3)).toBeNull();
  });

  it('marks whole letters', () => {
    const [hit] = Object.values(payload<IRunPage>('RunPage').hits);
    expect(cutSnippet(hit!)).toEqual(['trees = 200  # 🌲 ', 'forest', '']);
  });
});
