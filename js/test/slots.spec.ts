import { inPageOrder, slotOf } from '../src/components/slots';

const rows = (first: number, count: number): { index: number }[] =>
  Array.from({ length: count }, (_, at) => ({ index: first + at }));

describe('the elements of rows', () => {
  it('are those of rows that went', () => {
    const before = rows(0, 40).map(row => slotOf(row.index, 40));
    const after = rows(15, 40).map(row => slotOf(row.index, 40));
    expect(new Set(after)).toEqual(new Set(before));
    expect(new Set(after).size).toBe(40);
  });

  it('are not moved while one scrolls, and in order at rest', () => {
    const scrolled = inPageOrder(rows(15, 40), 40, true);
    expect(scrolled.map(row => slotOf(row.index, 40))).toEqual(
      rows(0, 40).map(row => row.index)
    );
    expect(inPageOrder(rows(15, 3), 40, false)).toEqual(rows(15, 3));
  });
});
