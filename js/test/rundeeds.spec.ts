import type { IArtifact, IChangeable } from '../src/api/rundetails';
import { chiefArtifact, importLine, loadingCode } from '../src/models/loadcode';
import {
  changedOf,
  looksOf,
  schemaOf,
  startOf
} from '../src/models/parameterform';
import { RunModel } from '../src/models/run';
import { doAgain, verify } from '../src/models/rundeeds';
import { StubClient } from './stub';

function changeable(name: string, kind: string, value: unknown): IChangeable {
  return {
    name,
    kind,
    default: value as IChangeable['default'],
    default_source: JSON.stringify(value),
    is_required: false,
    choices: [],
    is_secret: name === 'token',
    help: ''
  };
}

const VALUES = [
  changeable('C', 'float', 0.5),
  changeable('sizes', 'list', [1, 2]),
  changeable('token', 'str', null)
];

describe('the form of values', () => {
  it('begins with what the run had, and sends what was changed', () => {
    const before = startOf(VALUES, { C: 2, sizes: [1] });
    expect(before).toEqual({ C: 2, sizes: '[1]' });
    expect(changedOf(VALUES, { ...before, C: 3 }, before)).toEqual({ C: 3 });
    expect(changedOf(VALUES, before, before)).toEqual({});
  });

  it('types what has a simple type, and hides secrets', () => {
    const { properties } = schemaOf(VALUES);
    expect(properties?.C).toMatchObject({ type: 'number' });
    expect(properties?.sizes).toMatchObject({ type: 'string' });
    expect(looksOf(VALUES)).toEqual({ token: { 'ui:widget': 'password' } });
  });
});

describe('loading code', () => {
  const model = { name: 'model', format: 'model' } as IArtifact;
  const table = { name: 'a "b"', format: 'frame' } as IArtifact;

  it('fits what is kept', () => {
    expect(loadingCode('01', null)).toBe('mlops.get_run("01")');
    expect(loadingCode('01', model)).toBe('mlops.load_model("runs:/01/model")');
    expect(loadingCode('01', table)).toBe(
      'mlops.get_run("01").artifact("a \\"b\\"")'
    );
    expect(chiefArtifact([table, model])).toBe(model);
    expect(chiefArtifact([model, model])).toBeNull();
  });

  it('imports only once', () => {
    expect(importLine(['x = 1'])).toBe('import jupyter_mlops as mlops\n');
    expect(importLine(['import jupyter_mlops as mlops'])).toBe('');
  });
});

describe('jobs of a run', () => {
  const job = { job_id: '7', state: 'running', run_id: null, said: '' };

  it('tells the new run as soon as it has begun', async () => {
    const stub = new StubClient({
      'runs/01/again': job,
      'jobs/7': { ...job, state: 'running', run_id: '02' }
    });
    const model = new RunModel(stub.client, 'work', '01');
    expect(await doAgain(model, { C: 3 })).toBe('02');
    expect(stub.asked[0]).toEqual(['runs/01/again', { parameters: { C: 3 } }]);
  });

  it('says why there is no verdict', async () => {
    const failed = { ...job, state: 'failed', said: 'No %%track above.' };
    const stub = new StubClient({
      'runs/01/verification': job,
      'jobs/7': failed,
      'runs/01': {}
    });
    const model = new RunModel(stub.client, 'work', '01');
    await expect(verify(model)).rejects.toThrow('No %%track above.');
  });
});
