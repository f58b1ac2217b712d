import { nullTranslator } from '@jupyterlab/translation';

import { RequestRefused } from '../src/api/failures';
import type {
  ICard,
  IHistory,
  ILineage,
  IModels,
  ITrial,
  IVersionDetails,
  IVersions
} from '../src/api/registry';
import { formatBytes } from '../src/components/bytes';
import { filledFields } from '../src/components/registry/CardForm';
import { placed } from '../src/components/registry/lineagelayout';
import {
  metricLines,
  signatureChanges
} from '../src/components/registry/VersionCompare';
import {
  changeOf,
  commonMetrics,
  eventWords
} from '../src/components/registry/words';
import { PromotionModel } from '../src/models/promotion';
import { RegistryModel, fits } from '../src/models/registry';
import { ended } from '../src/models/trial';
import { VersionPair } from '../src/models/versionpair';
import { payload } from './payloads';
import { StubClient } from './stub';

const TRANS = nullTranslator.load('jupyter_mlops');
const FOUND = payload<IVersions>('Versions');
const DETAILS = payload<IVersionDetails>('VersionDetails');
const REFUSED = payload<ITrial>('Trial');
const PASSED = {
  ...REFUSED,
  answers: REFUSED.answers.map(one => ({ ...one, passed: true }))
};
const GATES = 'models/churn/1/gates';
const PROMOTION = 'models/churn/1/promotion';

describe('the form of a card', () => {
  const card = payload<ICard>('Card');

  it('sends what was changed, and what holds for this version, too', () => {
    const [use, limits] = card.form;
    expect(limits?.carried_from).toBe(1);
    expect(filledFields(card.form, {}, new Set())).toEqual({});
    expect(filledFields(card.form, {}, new Set(['limits']))).toEqual({
      limits: limits?.text
    });
    const texts = { use: `${use?.text} More.`, limits: '' };
    expect(filledFields(card.form, texts, new Set())).toEqual(texts);
  });
});

describe('the list of models', () => {
  it('narrows down by words of names, aliases and kinds', async () => {
    const { client } = new StubClient({ models: payload<IModels>('Models') });
    const registry = new RegistryModel(client);
    await registry.show('');
    expect(registry.total).toBe(2);
    expect(registry.broken.map(one => one.name)).toEqual(['fraud']);
    registry.filter = 'CHAMP churn';
    expect(registry.models.map(one => one.name)).toEqual(['churn']);
    registry.filter = 'other';
    expect(registry.models).toEqual([]);
  });

  it('keeps what it knows while the server is away', async () => {
    let isAway = false;
    const models = payload<IModels>('Models');
    const { client } = new StubClient({
      models: () => {
        if (isAway) {
          throw new Error('away');
        }
        return models;
      }
    });
    const registry = new RegistryModel(client);
    await registry.show('');
    isAway = true;
    await registry.refresh();
    expect([registry.problem, registry.total]).toEqual(['away', 2]);
    expect(fits('', 'anything')).toBe(true);
  });
});

describe('a promotion', () => {
  function begun(replies: { [route: string]: unknown }): {
    model: PromotionModel;
    stub: StubClient;
    known: IVersions;
  } {
    const stub = new StubClient(replies);
    const known = { ...FOUND, aliases: { ...FOUND.aliases } };
    const version = FOUND.versions[0]!;
    const model = new PromotionModel(stub.client, '', version, () => known);
    return { model, stub, known };
  }

  it('is only offered once all gates have passed', async () => {
    const { model, stub } = begun({ [GATES]: PASSED, [PROMOTION]: PASSED });
    expect(model.canPromote).toBe(false);
    await model.ask();
    expect(model.canPromote).toBe(true);
    model.reason = 'best';
    expect(await model.promote()).toBe(true);
    const body = stub.asked[stub.asked.length - 1]![1];
    expect(body).toMatchObject({ reason: 'best', force: false, seen: 1 });
  });

  it('is forced with a reason only', async () => {
    const { model } = begun({ [GATES]: REFUSED, [PROMOTION]: REFUSED });
    await model.ask();
    expect(model.failed).toHaveLength(1);
    expect(model.canPromote).toBe(false);
    model.isForced = true;
    expect(model.canPromote).toBe(false);
    model.reason = ' ';
    expect(model.canPromote).toBe(false);
    model.reason = 'they are down';
    expect(model.canPromote).toBe(true);
  });

  it('waits where the alias was moved meanwhile', async () => {
    const { model, known } = begun({ [GATES]: PASSED });
    await model.ask();
    known.aliases['champion'] = 7;
    expect([model.isOvertaken, model.canPromote]).toEqual([true, false]);
    await model.ask();
    expect([model.seen, model.canPromote]).toEqual([7, true]);
  });

  it('shows the answers of who refused it', async () => {
    const refusal = (): never => {
      const body = {
        message: 'somebody was faster',
        error: 'PromotionRefusedError',
        details: {},
        answers: REFUSED.answers
      };
      throw new RequestRefused(409, body);
    };
    const { model } = begun({ [GATES]: PASSED, [PROMOTION]: refusal });
    await model.ask();
    expect(await model.promote()).toBe(false);
    expect(model.problem).toBe('somebody was faster');
    expect(model.failed).toHaveLength(1);
  });

  it('follows work until it has ended', async () => {
    const running = { ...REFUSED, is_running: true };
    const replies = [running, running, PASSED];
    const stub = new StubClient({
      [`trials/${running.id}`]: () => replies.shift()
    });
    expect(await ended(stub.client, running)).toBe(PASSED);
    expect(stub.asked).toHaveLength(3);
  });
});

describe('two versions', () => {
  const better = {
    ...DETAILS,
    version: { ...DETAILS.version, version: 2, metrics: { auc: 0.875, f1: 1 } },
    signature: null
  };

  it('are picked, and the first of three goes', async () => {
    const pair = new VersionPair(version =>
      Promise.resolve({ ...DETAILS, uri: String(version) })
    );
    for (const version of [3, 1, 2]) {
      pair.pick(version);
    }
    expect(pair.picked).toEqual([1, 2]);
    await pair.refresh();
    expect(pair.found.map(one => one.uri)).toEqual(['1', '2']);
    pair.pick(2);
    expect(pair.found).toEqual([]);
  });

  it('are compared by metrics and columns', () => {
    expect(metricLines(DETAILS, better)).toEqual([
      { name: 'auc', then: '0.75', now: '0.875', change: '+0.125' },
      { name: 'f1', then: '', now: '1', change: undefined }
    ]);
    expect(signatureChanges(DETAILS, better, TRANS)).toEqual([
      { name: 'age', then: 'integer, may be missing', now: '' }
    ]);
    expect(changeOf(1, 1)).toBe('');
    expect(changeOf(NaN, 1)).toBe('');
  });
});

describe('words', () => {
  it('say what happened', () => {
    const { events } = payload<IHistory>('History');
    expect(events.map(one => eventWords(one, TRANS))).toEqual([
      'version 1 registered',
      'version 1 approved as champion',
      'champion moved to version 1',
      'version 1 taken elsewhere: mlflow https://models'
    ]);
    const forced = { ...events[2]!, forced: true, was: 3 };
    expect(eventWords(forced, TRANS)).toBe(
      'champion forced to version 1, was 3'
    );
    const noted = { ...events[0]!, kind: 'noted', note: 'all of 2025' };
    expect(eventWords(noted, TRANS)).toBe('note of version 1 changed');
    expect(eventWords({ ...noted, note: '' }, TRANS)).toBe(
      'note of version 1 taken off'
    );
  });

  it('write sizes, and choose metrics', () => {
    expect([0, 999, 36600, 2.5e9].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '36.6 kB',
      '2.5 GB'
    ]);
    expect(commonMetrics(FOUND.versions, 4)).toEqual(['auc']);
  });
});

// Browsers have it; jsdom does not.
globalThis.structuredClone ??= <T>(value: T): T =>
  JSON.parse(JSON.stringify(value)) as T;

it('a lineage goes from left to right', () => {
  const lineage = payload<ILineage>('Lineage');
  const places = placed(lineage);
  const x = (kind: string): number =>
    places.get(lineage.nodes.find(one => one.kind === kind)!.id)!.x;
  expect(x('file')).toBeLessThan(x('run'));
  expect(x('run')).toBeLessThan(x('version'));
});
