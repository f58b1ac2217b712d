import { nullTranslator } from '@jupyterlab/translation';

import type { IParameters } from '../src/api/batchwire';
import {
  START,
  isSwept,
  sweepLooks,
  sweepSchema,
  wishOf
} from '../src/models/sweepwish';
import { payload } from './payloads';

const { parameters } = payload<IParameters>('Parameters');
const trans = nullTranslator.load('jupyter_mlops');

describe('the wish for a sweep', () => {
  it.each([
    '0.1, 1',
    '0.01..10',
    'log:1e-3..1:4',
    'int:1..9',
    '"a", "b"',
    '[1], [2]'
  ])('sweeps over %s', text => expect(isSwept(text)).toBe(true));

  it.each(['0.1', '[1, 2]', '"a, b"', 'a..b', '(1, 2)', '../data', ''])(
    'fixes %s',
    text => expect(isSwept(text)).toBe(false)
  );

  it('is a grid of the values with commas, the others given', () => {
    const values = { C: ' 0.1,1 ', kernel: 'rbf', depth: ' ' };
    const wish = wishOf('fit.ipynb', { ...START, values, metric: ' auc ' });
    expect(wish.parameters).toEqual({ kernel: 'rbf' });
    expect(wish.options).toEqual({ grid: { C: '0.1,1' }, metric: 'auc' });
  });

  it('draws points where that is wanted', () => {
    const data = { ...START, values: { C: '0..1' }, goal: 'min' as const };
    const wish = wishOf('fit.ipynb', { ...data, method: 'random', jobs: 2 });
    const options = { over: { C: '0..1' }, random: 20, goal: 'min', jobs: 2 };
    expect(wish.options).toEqual(options);
  });

  it('names a cluster where one is wanted', () => {
    const data = { ...START, values: { C: '1,2' }, on: ' dask://hpc:8786 ' };
    expect(wishOf('fit.ipynb', data).options.on).toBe('dask://hpc:8786');
    expect(
      wishOf('fit.ipynb', { ...data, on: ' ' }).options
    ).not.toHaveProperty('on');
  });

  it('asks how many only where some are drawn, and hides secrets', () => {
    const asked = (method: 'grid' | 'random'): string[] =>
      Object.keys(sweepSchema(parameters, ['auc'], method, trans).properties!);
    expect(asked('grid')).not.toContain('count');
    expect(asked('random')).toContain('count');
    const secret = parameters.find(one => one.is_secret);
    expect(sweepLooks(parameters).values).toMatchObject(
      secret ? { [secret.name]: { 'ui:widget': 'password' } } : {}
    );
  });
});
