import { nextTab } from '../src/components/Tabs';
import { RunsModel } from '../src/models/runs';
import { SectionsModel } from '../src/models/sections';
import type { IRunPage } from '../src/api/wire';
import { payload } from './payloads';
import { StubClient } from './stub';

const RUNS = { id: 'runs', label: 'Runs', rank: 0 };
const BATCH = { id: 'batch', label: 'Batch', rank: 10 };

describe('SectionsModel', () => {
  it('shows sections in order, and what was in front last time', () => {
    const model = new SectionsModel();
    model.restore('batch');
    model.add(RUNS);
    expect(model.current).toBe(RUNS);
    const batch = model.add(BATCH);
    model.add({ id: 'models', label: 'Models', rank: 5 });
    expect(model.all.map(one => one.id)).toEqual(['runs', 'models', 'batch']);
    expect(model.current).toBe(BATCH);
    batch.dispose();
    expect(model.current).toBe(RUNS);
  });

  it('says what the user chose, and only that', () => {
    const model = new SectionsModel();
    const chosen: string[] = [];
    model.chosen.connect((_, id) => chosen.push(id));
    model.add(RUNS);
    model.add(BATCH);
    model.restore('batch');
    model.show('runs');
    model.show('runs');
    expect(chosen).toEqual(['runs']);
  });

  it('is walked through by arrow keys', () => {
    const all = [RUNS, BATCH];
    expect(nextTab('ArrowRight', 1, all)).toBe(RUNS);
    expect(nextTab('ArrowLeft', 0, all)).toBe(BATCH);
    expect(nextTab('End', 0, all)).toBe(BATCH);
    expect(nextTab('a', 0, all)).toBeUndefined();
  });
});

describe('a section out of sight', () => {
  it('asks for its runs when it comes into sight', async () => {
    const stub = new StubClient({ runs: payload<IRunPage>('RunPage') });
    const runs = new RunsModel(stub.client);
    runs.isShown = false;
    await runs.show('work');
    await runs.refresh();
    expect(stub.asked).toEqual([]);
    runs.isShown = true;
    await runs.answered();
    expect(stub.asked.length).toBe(1);
  });
});
