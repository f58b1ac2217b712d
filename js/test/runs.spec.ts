import { RequestRefused, ServerUnreachable } from '../src/api/failures';
import { toNumber } from '../src/api/wire';
import type { IErrorBody, IRunPage } from '../src/api/wire';
import { tellingColumns } from '../src/models/columns';
import { toOrder } from '../src/models/question';
import { RunsModel } from '../src/models/runs';
import { payload } from './payloads';
import { StubClient } from './stub';

const PAGE = payload<IRunPage>('RunPage');

function pages(total: number): (query: { offset?: unknown }) => IRunPage {
  return query => {
    const offset = Number(query.offset);
    const count = Math.min(100, total - offset);
    const run = PAGE.runs[0]!;
    const runs = Array.from({ length: count }, (_, at) => ({
      ...run,
      run_id: String(offset + at)
    }));
    return { ...PAGE, total, offset, runs };
  };
}

describe('RunsModel', () => {
  it('shows what the server sends', async () => {
    const runs = new RunsModel(new StubClient({ runs: PAGE }).client);
    await runs.show('work');
    expect(runs.total).toBe(2);
    expect(runs.isCapped).toBe(true);
    expect(runs.row(0)?.name).toBe('forest');
    expect(runs.row(1)?.error?.name).toBe('KeyError');
    const hit = runs.hit(PAGE.runs[0]!.run_id)!;
    const [from, to] = hit.marks[0]!;
    expect([...hit.snippet].slice(from, to).join('')).toBe('forest');
  });

  it('fetches only the pages in sight, each once', async () => {
    const stub = new StubClient({ runs: pages(10000) });
    const runs = new RunsModel(stub.client);
    await runs.show('');
    await Promise.all([runs.need([450, 520]), runs.need([460, 530])]);
    expect(stub.asked.map(([, query]) => query.offset)).toEqual([0, 400, 500]);
    expect(runs.row(512)?.run_id).toBe('512');
    expect(runs.row(9000)).toBeUndefined();
  });

  it('refreshes what is in sight and forgets the rest', async () => {
    const stub = new StubClient({ runs: pages(10000) });
    const runs = new RunsModel(stub.client);
    await runs.show('');
    await runs.need([450, 460]);
    stub.asked.length = 0;
    await runs.refresh();
    expect(stub.asked.map(([, query]) => query.offset)).toEqual([400]);
    expect(runs.row(0)).toBeUndefined();
    expect(runs.row(450)?.run_id).toBe('450');
  });

  it('keeps its rows beside a filter that cannot be read', async () => {
    const stub = new StubClient({ runs: PAGE });
    const runs = new RunsModel(stub.client);
    await runs.show('');
    stub.replies.runs = () => {
      throw new RequestRefused(400, payload<IErrorBody>('Error'));
    };
    await runs.ask({ filter: 'metrics.auc >' });
    expect(runs.refusal?.position).toBe('metrics.auc >'.length);
    expect(runs.refusal?.sentence).toBe('a value was expected');
    expect(runs.total).toBe(2);
  });

  it('takes the last of two answers, whichever comes first', async () => {
    let slow: (page: IRunPage) => void = () => undefined;
    const stub = new StubClient({ runs: PAGE });
    const runs = new RunsModel(stub.client);
    await runs.show('');
    stub.replies.runs = (query: { filter?: unknown }) =>
      query.filter === 'slow'
        ? new Promise<IRunPage>(done => (slow = done))
        : { ...PAGE, total: 7 };
    const first = runs.ask({ filter: 'slow' });
    await runs.ask({ filter: 'fast' });
    slow({ ...PAGE, total: 1 });
    await first;
    expect(runs.total).toBe(7);
  });

  it('stays readable while the server is away', async () => {
    const stub = new StubClient({ runs: PAGE });
    const runs = new RunsModel(stub.client);
    await runs.show('');
    stub.replies.runs = () => {
      throw new ServerUnreachable();
    };
    await runs.refresh();
    expect(runs.isUnreachable).toBe(true);
    expect(runs.row(0)?.name).toBe('forest');
    stub.replies.runs = PAGE;
    await runs.refresh();
    expect(runs.isUnreachable).toBe(false);
  });
});

describe('columns and orders', () => {
  it('chooses what tells runs apart', () => {
    expect(tellingColumns(PAGE.runs)).toEqual([
      'metrics.auc',
      'metrics.odd',
      'params.trees',
      'params.deep',
      'started',
      'tags.mlops.stamp',
      'tags.mlops.verify'
    ]);
  });

  it('writes any key in the run language', () => {
    const order = { column: 'metrics.val loss', isDescending: true };
    expect(toOrder(order)).toBe('metrics.`val loss` desc');
    expect(toOrder({ column: 'started', isDescending: false })).toBe(
      'started asc'
    );
  });

  it('reads numbers that JSON cannot say', () => {
    expect(toNumber(PAGE.runs[0]!.metrics.odd!)).toBeNaN();
    expect(toNumber(PAGE.runs[1]!.metrics.auc!)).toBe(-Infinity);
  });
});
