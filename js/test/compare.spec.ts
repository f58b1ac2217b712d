import type { IComparison, IDifference } from '../src/api/compare';
import type { IRun } from '../src/api/wire';
import { axisOf } from '../src/models/axes';
import { differingRows, equalValues } from '../src/models/comparedrows';
import { ComparisonModel } from '../src/models/comparison';
import {
  firstAxes,
  isWithin,
  linePath,
  narrowed
} from '../src/models/parallel';
import { nextRun, scatterPoints } from '../src/models/scatter';
import { payload } from './payloads';
import { StubClient } from './stub';

const COMPARISON = payload<IComparison>('Comparison');
const DIFFERENCE = payload<IDifference>('Difference');
const BASE = COMPARISON.runs[0]!;

function run(id: string, values: Partial<IRun>): IRun {
  return { ...BASE, run_id: id, name: id, ...values };
}

const RUNS = [
  run('a', { params: { C: 0.001, kernel: 'rbf' }, metrics: { auc: 0.5 } }),
  run('b', { params: { C: 10, kernel: 'linear' }, metrics: { auc: 0.75 } }),
  run('c', { params: { kernel: 'rbf' }, metrics: { auc: 'NaN' } })
];

function compared(runs: IRun[], differing: object, more = {}): IComparison {
  const none = { params: [], metrics: [], tags: [], badges: [] };
  return {
    ...COMPARISON,
    runs,
    differing: { ...none, ...differing },
    equal: none,
    ...more
  };
}

describe('rows of a comparison', () => {
  it('are what the server found to differ', () => {
    const [trees] = differingRows(COMPARISON, 'params', BASE).filter(
      row => row.name === 'trees'
    );
    expect(trees?.values.map(one => one.value)).toEqual([200, 100]);
    expect(equalValues(COMPARISON, 'tags')).toEqual([]);
  });

  it('hold metrics against the baseline, and say which way is better', () => {
    const two = compared(
      RUNS.slice(0, 2),
      { metrics: ['auc'] },
      { best: { auc: ['b'] }, lower_is_better: [] }
    );
    const [row] = differingRows(two, 'metrics', RUNS[0]!);
    const [base, other] = row!.values;
    expect(base).toMatchObject({ isBest: false, isBetter: null });
    expect(base?.change).toBeNaN();
    expect(other).toMatchObject({
      change: 0.25,
      share: 0.5,
      isBest: true,
      isBetter: true
    });
    two.lower_is_better = ['auc'];
    expect(
      differingRows(two, 'metrics', RUNS[0]!)[0]!.values[1]!.isBetter
    ).toBe(false);
  });

  it('take no name for what every object has', () => {
    const two = compared(RUNS, { params: ['constructor'] });
    const [row] = differingRows(two, 'params', null);
    expect(row!.values.every(one => one.value === undefined)).toBe(true);
  });
});

describe('axes', () => {
  it('lay wide numbers out by their logarithm, and leave none out', () => {
    const axis = axisOf('params.C', RUNS);
    expect(axis.scale).toBe('log');
    expect(RUNS.map(axis.place)).toEqual([0, 1, null]);
    expect(axis.ticks[0]).toEqual({ at: 0, value: 0.001 });
    expect(axisOf('params.C', RUNS, 'linear').scale).toBe('linear');
  });

  it('lay words out one below the other', () => {
    const axis = axisOf('params.kernel', RUNS, 'log');
    expect(axis.scales).toEqual(['words']);
    expect(axis.ticks.map(tick => tick.value)).toEqual(['linear', 'rbf']);
    expect(RUNS.map(axis.place)).toEqual([1, 0, 1]);
  });

  it('have no place for what is no number', () => {
    const axis = axisOf('metrics.auc', RUNS);
    expect(RUNS.map(axis.place)).toEqual([0, 1, null]);
    const flat = axisOf('metrics.auc', [RUNS[0]!]);
    expect(flat.place(RUNS[0]!)).toBe(0.5);
  });

  it.each([
    [
      [0, 1],
      [0, 0.5, 1]
    ],
    [
      [3, 8],
      [3, 4, 6, 8]
    ],
    [
      [-2, 2],
      [-2, -1, 0, 1, 2]
    ]
  ])('have round ticks from %j', (ends, ticks) => {
    const two = ends.map((n, at) => run(String(at), { params: { n } }));
    const axis = axisOf('params.n', two);
    for (const value of ticks) {
      expect(axis.ticks.map(tick => tick.value)).toContain(value);
    }
  });
});

describe('parallel coordinates', () => {
  const axes = ['params.C', 'metrics.auc'].map(one => axisOf(one, RUNS));

  it('are params, then the metric', () => {
    const found = compared(RUNS, { params: ['C'], metrics: ['auc', 'f1'] });
    expect(firstAxes(found, 'metrics.f1')).toEqual(['params.C', 'metrics.f1']);
  });

  it('narrow runs down, and are whole again', () => {
    const spans = narrowed({}, 'metrics.auc', [0.9, 0.4]);
    expect(spans).toEqual({ 'metrics.auc': [0.4, 0.9] });
    const within = (some: typeof spans): string[] =>
      RUNS.filter(one => isWithin(one, axes, some)).map(one => one.run_id);
    expect(within(narrowed(spans, 'metrics.auc', [0.5, 1]))).toEqual(['b']);
    expect(within({})).toEqual(['a', 'b', 'c']);
    expect(narrowed(spans, 'metrics.auc', [-1, 2])).toEqual({});
  });

  it('leave a gap where a run has no value', () => {
    const path = (one: IRun): string =>
      linePath(
        one,
        axes,
        at => at * 10,
        at => at
      );
    expect(path(RUNS[1]!)).toBe('M0.0 1.0L10.0 1.0');
    expect(path(RUNS[2]!)).toBe('');
  });
});

describe('scatter', () => {
  it('shows the runs that have both values', () => {
    const [across, upwards] = ['params.C', 'metrics.auc'].map(one =>
      axisOf(one, RUNS)
    );
    const points = scatterPoints(RUNS, across!, upwards!);
    expect(points.map(one => [one.run.run_id, one.x, one.y])).toEqual([
      ['a', 0, 0],
      ['b', 1, 1]
    ]);
  });

  it('is gone through by keys', () => {
    expect(nextRun('ArrowDown', RUNS, '')).toBe('a');
    expect(nextRun('ArrowDown', RUNS, 'c')).toBe('c');
    expect(nextRun('End', RUNS, 'a')).toBe('c');
    expect(nextRun('x', RUNS, 'a')).toBeNull();
    expect(nextRun('Home', [], 'a')).toBeNull();
  });
});

describe('ComparisonModel', () => {
  const asked = { workspace: 'w', runs: ['x', 'y'], baseline: '' };

  function model(replies: object): [ComparisonModel, StubClient] {
    const stub = new StubClient({
      compare: { ...COMPARISON, runs: [...COMPARISON.runs] },
      diff: DIFFERENCE,
      ...replies
    });
    return [new ComparisonModel(stub.client, asked), stub];
  }

  it('asks for all runs at once, then for what two differ by', async () => {
    const [found, stub] = model({});
    await found.refresh();
    expect(stub.asked.map(([route]) => route)).toEqual(['compare', 'diff']);
    expect(stub.asked[0]![1]).toEqual({ workspace: 'w', runs: 'x,y' });
    expect(found.baseline?.name).toBe('forest');
    expect(found.other?.name).toBe('boosting');
    expect(found.difference?.code.total).toBe(1);
  });

  it('holds against another run, and is brought back with it', async () => {
    const [found, stub] = model({});
    await found.refresh();
    const second = COMPARISON.runs[1]!.run_id;
    found.holdAgainst(second);
    expect(found.compared.baseline).toBe(second);
    expect(stub.asked[stub.asked.length - 1]![1]).toMatchObject({
      before: second,
      after: BASE.run_id
    });
  });

  it('says why there is nothing, and keeps what there was', async () => {
    const [found, stub] = model({});
    await found.refresh();
    stub.replies.compare = () => {
      throw new Error('The server does not answer.');
    };
    await found.refresh();
    expect(found.problem).toBe('The server does not answer.');
    expect(found.runs.length).toBe(2);
  });
});
