import {
  RequestRefused,
  ServerPartMissing,
  ServerUnreachable
} from '../src/api/failures';
import type { IWorkspaces } from '../src/api/wire';
import { WorkspacesModel } from '../src/models/workspaces';
import { payload } from './payloads';
import { StubClient } from './stub';

const NONE = payload<IWorkspaces>('Workspaces');
const CHURN = NONE.workspaces[1]!;
const SOME: IWorkspaces = { ...NONE, current: CHURN, proposed: null };

describe('WorkspacesModel', () => {
  it('follows the notebook in front', async () => {
    const stub = new StubClient({ workspaces: SOME });
    const model = new WorkspacesModel(stub.client);
    const seen: (string | undefined)[] = [];
    model.currentChanged.connect((_, place) => seen.push(place?.path));
    await model.follow('work/churn/a.ipynb');
    await model.follow('work/churn/a.ipynb');
    expect(stub.asked.length).toBe(1);
    stub.replies.workspaces = NONE;
    await model.follow('b.ipynb');
    expect(seen).toEqual(['work/churn', undefined]);
    expect(model.standing).toBe('none');
    expect(model.proposed?.path).toBe('');
  });

  it('stays with a workspace that was chosen', async () => {
    const stub = new StubClient({ workspaces: SOME });
    const model = new WorkspacesModel(stub.client);
    await model.follow('a.ipynb');
    model.choose(NONE.workspaces[0]!);
    await model.follow('work/churn/b.ipynb');
    expect(model.current?.path).toBe('');
    await model.followAgain();
    expect(model.current?.path).toBe('work/churn');
  });

  it.each([
    [new ServerPartMissing(), 'missing'],
    [new ServerUnreachable(), 'unreachable'],
    [
      new RequestRefused(403, { message: 'No.', error: 'E', details: {} }),
      'failed'
    ]
  ])('tells %s apart', async (error, standing) => {
    const stub = new StubClient({
      workspaces: () => {
        throw error;
      }
    });
    const model = new WorkspacesModel(stub.client);
    await model.refresh();
    expect(model.standing).toBe(standing);
  });

  it('makes the first one', async () => {
    const stub = new StubClient({ workspaces: CHURN });
    const model = new WorkspacesModel(stub.client);
    await model.make('work/churn');
    expect(stub.asked[0]).toEqual(['workspaces', { path: 'work/churn' }]);
    expect(model.standing).toBe('ready');
  });
});
