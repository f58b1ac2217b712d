import type { IRun, IRunPage } from '../src/api/wire';
import { RunsModel } from '../src/models/runs';
import { MOST_PICKED, TableModel } from '../src/models/table';
import { payload } from './payloads';
import { StubClient } from './stub';

const PAGE = payload<IRunPage>('RunPage');

function run(at: number): IRun {
  return { ...PAGE.runs[0]!, run_id: String(at) };
}

function ids(table: TableModel): string[] {
  return table.picked.map(one => one.run_id);
}

describe('picked runs', () => {
  it('are the selected one until others join it', () => {
    const table = new TableModel();
    table.select(run(1));
    expect(ids(table)).toEqual(['1']);
    table.togglePick(run(4));
    expect(ids(table)).toEqual(['1', '4']);
    expect(table.selected?.run_id).toBe('4');
    table.togglePick(run(1));
    expect(ids(table)).toEqual(['4']);
    table.select(null);
    expect(ids(table)).toEqual([]);
  });

  it('are no more than can be looked at', () => {
    const table = new TableModel();
    const many = Array.from({ length: MOST_PICKED + 9 }, (_, at) => run(at));
    table.pick(many, null);
    expect(table.picked.length).toBe(MOST_PICKED);
    table.togglePick(run(5000));
    expect(table.picked.length).toBe(MOST_PICKED);
    expect(table.isPicked('5000')).toBe(true);
  });

  it('say nothing when nothing changed', () => {
    const table = new TableModel();
    const one = run(1);
    table.select(one);
    let said = 0;
    table.stateChanged.connect(() => (said += 1));
    table.select(one);
    expect(said).toBe(0);
  });

  it('are fetched where they are out of sight', async () => {
    const page = (query: { offset?: unknown }): IRunPage => {
      const offset = Number(query.offset);
      const runs = Array.from({ length: 100 }, (_, at) => run(offset + at));
      return { ...PAGE, total: 1000, offset, runs };
    };
    const runs = new RunsModel(new StubClient({ runs: page }).client);
    await runs.show('');
    const found = await runs.between(95, 205);
    expect(found.length).toBe(111);
    expect(found[110]?.run_id).toBe('205');
  });
});
