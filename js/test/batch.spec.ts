import type {
  IBatch,
  ILive,
  IParameters,
  IPipeline,
  ISweep
} from '../src/api/batchwire';
import { BatchModel, isSweepLine, linesOf } from '../src/models/batch';
import { LiveModel } from '../src/models/live';
import {
  changedOf,
  looksOf,
  schemaOf,
  startOf
} from '../src/models/parameterform';
import { PipelineModel, attentionOf } from '../src/models/pipeline';
import { placesOf } from '../src/models/pipelinelayout';
import { axisOf, dotsOf } from '../src/models/sweep';
import { payload } from './payloads';
import { StubClient } from './stub';

// Browsers have it, and so does Node; jsdom does not let it through.
globalThis.structuredClone ??= <T>(value: T): T =>
  JSON.parse(JSON.stringify(value)) as T;

const LIVE = payload<ILive>('Live');
const PIPELINE = payload<IPipeline>('Pipeline');
const SWEEP = payload<ISweep>('Sweep');
const BATCH = payload<IBatch>('Batch');
const { parameters } = payload<IParameters>('Parameters');

/** Ask once, as a model does when it is shown. */
async function ask(model: object): Promise<void> {
  await (model as { ask(): Promise<void> }).ask();
}

describe('LiveModel', () => {
  it('asks for what changed, and keeps the rest', async () => {
    const stub = new StubClient({ [`runs/r/live`]: LIVE });
    const model = new LiveModel(stub.client, 'work', 'r');
    await ask(model);
    expect([...model.cells.keys()]).toEqual([0, 1]);
    const first = model.cells.get(0);
    const done = { ...LIVE.cells[1]!, status: 'finished' as const };
    stub.replies['runs/r/live'] = { ...LIVE, seen: 5, cells: [done] };
    await ask(model);
    expect(stub.asked[1]![1]).toEqual({
      workspace: 'work',
      book: LIVE.book,
      seen: 4
    });
    expect(model.cells.get(0)).toBe(first);
    expect(model.cells.get(1)!.status).toBe('finished');
  });

  it('begins anew when the server has', async () => {
    const stub = new StubClient({ 'runs/r/live': LIVE });
    const model = new LiveModel(stub.client, '', 'r');
    await ask(model);
    stub.replies['runs/r/live'] = { ...LIVE, book: 'other', cells: [] };
    await ask(model);
    expect(model.cells.size).toBe(0);
  });

  it.each([
    ['notebook', 'failed', true],
    ['notebook', 'finished', false],
    ['step', 'failed', true],
    ['cell', 'failed', false]
  ])('of a %s that %s: resumable %s', async (kind, status, expected) => {
    const stub = new StubClient({ 'runs/r/live': { ...LIVE, kind, status } });
    const model = new LiveModel(stub.client, '', 'r');
    await ask(model);
    expect(model.isResumable).toBe(expected);
  });
});

describe('PipelineModel', () => {
  it('selects what needs a look', async () => {
    const stub = new StubClient({ pipeline: PIPELINE });
    const model = new PipelineModel(stub.client, '', 'pipeline.yaml');
    await ask(model);
    expect(model.selected?.name).toBe('train');
    expect(model.isRunning).toBe(false);
    expect(attentionOf([])).toBeUndefined();
  });

  it('goes on with a run that ended badly, and with no other', async () => {
    const last = { ...PIPELINE.last!, status: 'failed' as const };
    const stub = new StubClient({ pipeline: { ...PIPELINE, last } });
    const model = new PipelineModel(stub.client, '', 'pipeline.yaml');
    expect(model.isResumable).toBe(false);
    await ask(model);
    expect(model.isResumable).toBe(true);
    await model.resume();
    const wish = { kind: 'resume', run: last.run_id };
    expect(stub.asked).toContainEqual(['jobs?workspace=', wish]);
  });

  it('says what the server refuses', async () => {
    const stub = new StubClient({
      jobs: () => {
        throw new Error('It is being run already.');
      }
    });
    const model = new PipelineModel(stub.client, 'a b', 'pipeline.yaml');
    stub.replies['jobs?workspace=a%20b'] = stub.replies.jobs;
    await model.run({ until: 'train' });
    expect(model.refusal).toBe('It is being run already.');
    model.dismiss();
    expect(model.refusal).toBe('');
  });

  it('puts steps after those that they need', () => {
    const places = placesOf(PIPELINE.steps, false);
    expect(places.get('train')!.x).toBeGreaterThan(places.get('prepare')!.x);
    const upright = placesOf(PIPELINE.steps, true);
    expect(upright.get('train')!.y).toBeGreaterThan(upright.get('prepare')!.y);
  });
});

describe('BatchModel', () => {
  it('puts runs and jobs together', async () => {
    const stub = new StubClient({ batch: BATCH });
    const model = new BatchModel(stub.client, '');
    await ask(model);
    expect(model.runs.length).toBe(1);
    expect(model.runs[0]!.job?.by).toBe('ada');
    expect(model.sweeps).toEqual([]);
    expect(model.jobAt('pipeline.yaml')).toBeNull();
  });

  it('shows a job that never had a run, and tells sweeps', () => {
    const job = { ...BATCH.jobs[0]!, run_id: null, kind: 'sweep' as const };
    const lines = linesOf({ ...BATCH, jobs: [job] });
    expect(lines.length).toBe(2);
    expect(lines.filter(isSweepLine).map(line => line.key)).toEqual([
      job.job_id
    ]);
  });
});

describe('A sweep', () => {
  it('is drawn by numbers, by magnitude, or by names', () => {
    const axis = axisOf(SWEEP.points, 'C');
    expect(axis).toEqual({ names: null, isLog: true });
    const dots = dotsOf(SWEEP.points, 'C', 'auc', axis);
    expect(dots.map(dot => [dot.x, dot.y])).toEqual([[-1, 0.75]]);
    expect(axisOf(SWEEP.points, 'kind').names).toEqual(['rbf']);
  });
});

describe('A form of parameters', () => {
  it('has their types, and hides secrets', () => {
    const schema = schemaOf(parameters);
    expect(schema.properties!.C).toMatchObject({
      type: 'number',
      description: 'strength'
    });
    expect(schema.required).toEqual(['token']);
    expect(looksOf(parameters).token).toEqual({ 'ui:widget': 'password' });
  });

  it('sends what was changed, and nothing else', () => {
    const start = startOf(parameters);
    expect(start).toEqual({ C: 0.5 });
    expect(changedOf(parameters, start)).toEqual({});
    expect(changedOf(parameters, { C: 0.25, token: 'x' })).toEqual({
      C: 0.25,
      token: 'x'
    });
  });
});
