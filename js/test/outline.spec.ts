import { Outline } from '../src/models/outline';

const GROUPS = [
  { key: 'churn', label: 'churn', count: 3, best: 0.9 },
  { key: 'prices', label: 'prices', count: 2, best: null },
  { key: null, label: '', count: 4, best: null }
];

function outline(...closed: string[]): Outline {
  return new Outline(GROUPS, 9, key => closed.includes(key));
}

describe('Outline', () => {
  it('is the answer itself without groups', () => {
    const flat = new Outline([], 9, () => false);
    expect(flat.count).toBe(9);
    expect(flat.line(4)).toEqual({ place: 4 });
    expect(flat.lineOf(4)).toBe(4);
  });

  it('puts a head above each group', () => {
    const all = outline();
    expect(all.count).toBe(12);
    expect(all.line(4)).toMatchObject({ group: GROUPS[1] });
    expect(all.line(5)).toEqual({ place: 3 });
    expect(all.places(3, 6)).toEqual([2, 3, 4]);
    expect(all.headOf(6)).toBe(4);
  });

  it('leaves out the runs of a closed group', () => {
    const some = outline('churn', '');
    expect(some.count).toBe(5);
    expect(some.line(1)).toMatchObject({ group: GROUPS[1], isClosed: false });
    expect(some.line(2)).toEqual({ place: 3 });
    expect(some.lineOf(1)).toBe(0);
    expect(some.lineOf(8)).toBe(4);
  });

  it('finds every run on its line', () => {
    for (const one of [outline(), outline('prices')]) {
      for (let place = 0; place < 9; place++) {
        const line = one.line(one.lineOf(place));
        expect('group' in line || line.place === place).toBe(true);
      }
    }
    expect(outline().lineOf(-1)).toBe(-1);
  });
});
