import type { INames, IValues } from '../src/api/wire';
import { CompletionModel, accept, choose } from '../src/models/completion';
import { writingAt } from '../src/models/filterwords';
import { payload } from './payloads';
import { StubClient } from './stub';

const NAMES = { ...payload<INames>('Names'), metrics: ['auc', 'val loss'] };

function offered(text: string, values: string[] = []): string[] {
  return choose(writingAt(text, text.length), NAMES, values);
}

describe('what comes next in a filter', () => {
  it.each([
    ['', 'field', ''],
    ['metrics.a', 'field', 'metrics.a'],
    ['metrics.auc ', 'operator', ''],
    ['metrics.auc >', 'operator', '>'],
    ['metrics.auc > ', 'value', ''],
    ['metrics.auc > 0.9 ', 'joint', ''],
    ['metrics.auc > 0.9 and not (', 'field', ''],
    ["params.kind = 'gi", 'value', "'gi"],
    ["params.kind in ('a', ", 'value', ''],
    ["params.kind in ('a') ", 'joint', ''],
    ['tags.team is ', 'null', ''],
    ['tags.team is not null ', 'joint', ''],
    ['metrics.`val lo', 'field', 'metrics.`val lo']
  ])('reads %s', (text, expected, word) => {
    expect(writingAt(text, text.length)).toMatchObject({ expected, word });
  });

  it('offers names, those that begin so first', () => {
    expect(offered('au')).toEqual(['metrics.auc']);
    expect(offered('metrics.')).toEqual(['metrics.auc', 'metrics.`val loss`']);
    expect(offered('k')).toEqual(['kind', 'notebook']);
  });

  it('offers comparisons that fit the field', () => {
    expect(offered('metrics.auc ')).toContain('>=');
    expect(offered('metrics.auc ')).not.toContain('like');
    expect(offered('status ')).not.toContain('>');
  });

  it('writes values in quotes', () => {
    expect(offered('experiment = ', ["it's"])).toEqual(["'it''s'"]);
    expect(offered("status = 'fin", ['finished', 'failed'])).toEqual([
      "'finished'"
    ]);
  });

  it('puts an offer in the place of what was begun', () => {
    const offers = { from: 0, to: 2, offers: [] };
    expect(accept('au > 1', offers, 'metrics.auc')).toEqual([
      'metrics.auc > 1',
      12
    ]);
  });

  it('asks for values of the field, and does without them', async () => {
    const stub = new StubClient({ values: payload<IValues>('Values') });
    const model = new CompletionModel(
      stub.client,
      () => 'work',
      () => NAMES
    );
    await model.look('params.kind = ', 14);
    expect(stub.asked).toEqual([
      ['values', { workspace: 'work', field: 'params.kind' }]
    ]);
    expect(model.offers.offers).toEqual(["'gini'", "'entropy'"]);
    stub.replies.values = () => {
      throw new Error('away');
    };
    await model.look('tags.team = ', 12);
    expect(model.offers.offers).toEqual([]);
  });
});
