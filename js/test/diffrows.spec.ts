import type { IDifference } from '../src/api/compare';
import { changedStretches, columnText, diffRows } from '../src/models/diffrows';
import {
  hasRichValue,
  keptAddress,
  pictureAddress
} from '../src/models/diffpictures';
import { payload } from './payloads';

const DIFFERENCE = payload<IDifference>('Difference');

describe('lines side by side', () => {
  it('stand beside what they became', () => {
    const [change] = DIFFERENCE.code.changes;
    const rows = diffRows(change!.lines);
    expect(rows[0]).toEqual({
      kind: 'changed',
      left: { number: 1, text: 'trees = 200' },
      right: { number: 1, text: 'trees = 100' }
    });
    expect(rows[1]?.kind).toBe('equal');
  });

  it('keep their numbers over a gap', () => {
    const rows = diffRows([
      '@@ -1,2 +1,3 @@',
      ' a',
      '+b',
      '+c',
      '@@ -20 +21 @@',
      '-x',
      '+--- y'
    ]);
    expect(rows.map(row => row.kind)).toEqual([
      'equal',
      'changed',
      'changed',
      'gap',
      'changed'
    ]);
    expect(rows[1]).toMatchObject({ left: null, right: { number: 2 } });
    expect(rows[4]).toMatchObject({
      left: { number: 20, text: 'x' },
      right: { number: 21, text: '--- y' }
    });
    expect(columnText(rows, 'left')).toBe('a\n\n\n\nx');
  });

  it.each([
    ['auc = 0.5', 'auc = 0.75', [8, 8], [8, 9]],
    ['same', 'same', [4, 4], [4, 4]],
    ['', 'new', [0, 0], [0, 3]],
    ['aa', 'aaa', [2, 2], [2, 3]]
  ])('mark what changed from %j to %j', (left, right, gone, come) => {
    expect(changedStretches(left, right)).toEqual([gone, come]);
  });
});

describe('pictures', () => {
  const output = (data: object): never =>
    ({ output_type: 'display_data', data, metadata: {} }) as never;

  it('are found in outputs and artifacts', () => {
    expect(pictureAddress(output({ 'image/png': 'iVBO\nRw==\n' }))).toBe(
      'data:image/png;base64,iVBORw=='
    );
    expect(pictureAddress(output({ 'text/html': '<b>' }))).toBeNull();
    expect(keptAddress(DIFFERENCE.pictures[0]!.before)).toMatch(/^data:image/);
    expect(keptAddress(DIFFERENCE.pictures[0]!.after)).toBeNull();
  });

  it('of SVG are data, never markup', () => {
    const svg = '<svg><script>alert(1)</script></svg>';
    const address = pictureAddress(output({ 'image/svg+xml': [svg] }));
    expect(address).toMatch(/^data:image\/svg\+xml/);
    expect(address).not.toContain('<');
  });

  it('are told from text', () => {
    expect(hasRichValue(output({ 'text/plain': 'x' }))).toBe(false);
    expect(hasRichValue(DIFFERENCE.outputs.changes[0]!.before)).toBe(false);
    expect(hasRichValue(output({ 'text/html': '<b>' }))).toBe(true);
  });
});
