import type { IBatch, ICancelled } from '../src/api/batchwire';
import type { ITrial, IVersionDetails } from '../src/api/registry';
import { BatchModel } from '../src/models/batch';
import { cancelWork } from '../src/models/batchjobs';
import { exportVersion, proposedPath } from '../src/models/exportwish';
import { LiveModel } from '../src/models/live';
import { payload } from './payloads';
import { StubClient } from './stub';

const CANCELLED = payload<ICancelled>('Cancelled');
const BATCH = payload<IBatch>('Batch');
const DETAILS = payload<IVersionDetails>('VersionDetails');
const { version } = DETAILS;
const WISH = {
  to: 'onnx',
  path: 'churn.onnx',
  replace: false,
  allow_pickle: false,
  allow_code: false
};

describe('cancelling', () => {
  it('is of the job, or else of the run', async () => {
    const job = CANCELLED.job!;
    const routes = [
      `jobs/${job.job_id}/cancel?workspace=a%20b`,
      'runs/01/cancel?workspace=a%20b'
    ];
    const stub = new StubClient({});
    await cancelWork(stub.client, 'a b', job, '01');
    await cancelWork(stub.client, 'a b', null, '01');
    expect(stub.asked.map(([route]) => route)).toEqual(routes);
  });

  it('says why not', async () => {
    const stub = new StubClient({
      'runs/01/cancel?workspace=': () => {
        throw new Error('Run 01 is done on mars.');
      }
    });
    const model = new LiveModel(stub.client, '', '01');
    expect(await model.cancel()).toBe(false);
    expect(model.refusal).toBe('Run 01 is done on mars.');
    stub.replies['runs/01/cancel?workspace='] = CANCELLED;
    expect(await model.cancel()).toBe(true);
    expect(model.refusal).toBe('');
  });
});

describe('attaching', () => {
  it('is offered of runs whose state is held', async () => {
    const model = new BatchModel(new StubClient({ batch: BATCH }).client, '');
    await (model as unknown as { ask(): Promise<void> }).ask();
    const run = { ...BATCH.runs[0]!, run_id: BATCH.attachable[0]! };
    expect(model.isAttachable(run)).toBe(true);
    expect(model.isAttachable(BATCH.runs[0]!)).toBe(false);
    expect(model.isAttachable(null)).toBe(false);
  });
});

describe('an export', () => {
  it('goes to a place of the version, in its workspace', () => {
    const places = DETAILS.exports.map(to => proposedPath(version, to, 'work'));
    expect(places).toEqual([
      `work/exports/churn-${version.version}-mlflow`,
      `work/exports/churn-${version.version}.onnx`
    ]);
    expect(proposedPath(version, 'v2', '/')).toBe('exports/repository');
  });

  it('says where it went', async () => {
    const done: ITrial = {
      ...payload<ITrial>('Trial'),
      verb: 'export',
      is_running: false,
      said: 'Exported to churn.onnx.'
    };
    const route = `models/churn/${version.version}/export`;
    const stub = new StubClient({ [route]: done });
    expect(await exportVersion(stub.client, 'work', version, WISH)).toBe(
      done.said
    );
    expect(stub.asked[0]).toEqual([route, WISH]);
  });
});
