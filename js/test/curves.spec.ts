import { toNumber } from '../src/api/wire';
import type { ICurves, IRunPage } from '../src/api/wire';
import {
  aligned,
  positive,
  spliced,
  toLine,
  valueNear
} from '../src/models/curvelines';
import type { ILine } from '../src/models/curvelines';
import { CurvesModel } from '../src/models/curves';
import { SparksModel, toSpark } from '../src/models/sparks';
import { smoothed } from '../src/models/smoothing';
import { payload } from './payloads';
import { StubClient } from './stub';

const CURVES = payload<ICurves>('Curves');
const CURVE = CURVES.curves[0]!;

function line(xs: number[], ys: (number | null)[]): ILine {
  return { xs, ys };
}

describe('lines of curves', () => {
  it('have gaps where values are none, and say where', () => {
    const found = toLine(CURVE, 'step');
    expect(found.ys).toEqual([2, null, null, 0.125]);
    expect(found.odd.map(({ x }) => x)).toEqual([400, 401]);
    expect(found.odd.map(({ value }) => value)).toEqual([NaN, Infinity]);
    expect(found.base.xs).toEqual([250, 750]);
  });

  it('lie over the time since the run began', () => {
    expect(toLine(CURVE, 'age').xs).toEqual([0, 100, 100.25, 249.75]);
    expect(toLine(CURVE, 'time').xs[0]).toBe(CURVE.began);
  });

  it('take finer points in, and keep what is around', () => {
    const whole = toLine(CURVE, 'step');
    const part = toLine(
      { ...CURVE, steps: [399, 402], values: [5, 6], means: null, total: 2 },
      'step'
    );
    const found = spliced(whole, part, { from: 350, to: 450 });
    expect(found.xs).toEqual([0, 399, 402, 999]);
    expect(found.ys).toEqual([2, 5, 6, 0.125]);
    expect([found.total, found.odd]).toEqual([2, []]);
  });

  it('share places, also where one place comes twice', () => {
    const [xs, one, two] = aligned([
      line([1, 2, 2], [10, 20, 21]),
      line([2, 3], [null, 30])
    ]);
    expect(xs).toEqual([1, 2, 2, 3]);
    expect(one).toEqual([10, 20, 21, undefined]);
    expect(two).toEqual([undefined, null, undefined, 30]);
  });

  it('say their value near a place', () => {
    const found = line([0, 10], [1, 2]);
    expect(valueNear(found, 4)).toBe(1);
    expect(valueNear(found, 6)).toBe(2);
    expect(valueNear(line([], []), 6)).toBeNull();
    expect(positive(line([0, 1], [-1, 3])).ys).toEqual([null, 3]);
  });
});

describe('smoothing', () => {
  it('leaves what is even, and gaps', () => {
    const found = smoothed(line([0, 1, 2, 3], [4, 4, null, 4]), 0.9);
    expect(found.ys.map(y => y && Number(y.toFixed(9)))).toEqual([
      4,
      4,
      null,
      4
    ]);
  });

  it('does nothing at zero, and more the stronger it is', () => {
    const raw = line([0, 1, 2, 3, 4], [0, 1, 0, 1, 0]);
    expect(smoothed(raw, 0)).toBe(raw);
    const height = (weight: number): number => {
      const many = Array.from({ length: 1000 }, (_, at) => at);
      const waves = line(
        many,
        many.map(at => at % 2)
      );
      const ys = smoothed(waves, weight).ys.slice(500) as number[];
      return Math.max(...ys) - Math.min(...ys);
    };
    expect(height(0.5)).toBeGreaterThan(height(0.9));
    expect(height(0.9)).toBeGreaterThan(height(0.99));
  });

  it('counts what is far away for less', () => {
    const near = smoothed(line([0, 500, 501, 1000], [0, 0, 1, 1]), 0.9);
    const far = smoothed(line([0, 1, 501, 1000], [0, 0, 1, 1]), 0.9);
    expect(far.ys[2]!).toBeGreaterThan(near.ys[2]!);
  });
});

describe('CurvesModel', () => {
  async function shown(
    reply: unknown = CURVES
  ): Promise<[CurvesModel, StubClient]> {
    const stub = new StubClient({ curves: reply });
    const model = new CurvesModel(stub.client, 'work');
    await model.show([CURVE.run_id], ['loss']);
    return [model, stub];
  }

  it('asks once for what is shown', async () => {
    const [model, stub] = await shown();
    await model.show([CURVE.run_id], ['loss']);
    expect(stub.asked).toHaveLength(1);
    expect(stub.asked[0]![1].runs).toBe(JSON.stringify([CURVE.run_id]));
    expect(model.extent).toEqual({ from: 0, to: 999 });
    model.dispose();
  });

  it('asks for finer points of a part, and shows the old ones till then', async () => {
    const [model, stub] = await shown();
    const before = model.lines[0]!.xs;
    const zoomed = model.zoom({ from: 300, to: 500 });
    expect(model.range).toEqual({ from: 300, to: 500 });
    expect(model.lines[0]!.xs).toEqual(before);
    await zoomed;
    const [, query] = stub.asked[1]!;
    expect([query.from, query.to]).toEqual([300, 500]);
    await model.zoom(null);
    expect(model.range).toBeNull();
    expect(stub.asked).toHaveLength(2);
    model.dispose();
  });

  it('asks nothing more when every point is here', async () => {
    const all = { ...CURVE, means: null };
    const [model, stub] = await shown({ ...CURVES, curves: [all] });
    await model.zoom({ from: 300, to: 500 });
    await model.pan(1);
    expect(model.range).toEqual({ from: 340, to: 540 });
    expect(stub.asked).toHaveLength(1);
    model.dispose();
  });

  it('stays within what there is', async () => {
    const [model] = await shown();
    await model.zoom({ from: 900, to: 5000 });
    expect(model.range).toEqual({ from: 900, to: 999 });
    await model.pan(1);
    expect(model.range).toEqual({ from: 900, to: 999 });
    await model.magnify(0.01);
    expect(model.range).toBeNull();
    model.dispose();
  });

  it('says why there is nothing, and keeps what it has', async () => {
    const [model, stub] = await shown();
    stub.replies.curves = () => {
      throw new Error('no');
    };
    await model.zoom({ from: 1, to: 9 });
    expect(model.problem).toContain('no');
    expect(model.lines[0]!.ys.map(y => y === null)).toEqual(
      CURVE.values.map(value => !Number.isFinite(toNumber(value)))
    );
    model.dispose();
  });
});

describe('SparksModel', () => {
  const run = payload<IRunPage>('RunPage').runs[0]!;
  const other = { ...run, run_id: 'other' };
  const reply = { ...CURVES, curves: [{ ...CURVE, run_id: run.run_id }] };

  function wait(sparks: SparksModel): Promise<void> {
    return new Promise(resolve => {
      const stop = sparks.listen(() => {
        stop();
        resolve();
      });
    });
  }

  it('asks once for all rows that stand still', async () => {
    const stub = new StubClient({ curves: reply });
    const sparks = new SparksModel(stub.client);
    sparks.want('', run, 'auc');
    sparks.want('', other, 'auc');
    sparks.want('', { ...run, run_id: 'gone by' }, 'auc')();
    await wait(sparks);
    expect(stub.asked).toHaveLength(1);
    const asked = JSON.parse(String(stub.asked[0]![1].runs)) as string[];
    expect(asked).toEqual([run.run_id, 'other']);
    expect(sparks.spark('', run.run_id, 'auc')?.path).toMatch(/^M2 2M/);
    expect(sparks.spark('', 'other', 'auc')?.path).toBe('');
    sparks.dispose();
  });

  it('keeps what it has until the run is another', async () => {
    const stub = new StubClient({ curves: reply });
    const sparks = new SparksModel(stub.client);
    sparks.want('', run, 'auc');
    await wait(sparks);
    sparks.want('', run, 'auc');
    sparks.want('', { ...run, metrics: { auc: 0.8 } }, 'auc');
    await wait(sparks);
    expect(stub.asked).toHaveLength(2);
    sparks.dispose();
  });

  it('draws a flat line in the middle, and no single point', () => {
    const flat = { ...CURVE, steps: [0, 1], values: [3, 3], total: 2 };
    expect(toSpark(flat).path).toBe('M2 9L78 9');
    expect(toSpark({ ...flat, total: 1 }).path).toBe('');
  });
});
