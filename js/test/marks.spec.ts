import type { IMarks, IWorkspaces } from '../src/api/wire';
import { MarksModel, standingOf } from '../src/models/marks';
import {
  hasChanged,
  isTracked,
  modeSet,
  toggled
} from '../src/models/trackline';
import { payload } from './payloads';
import { StubClient } from './stub';

const MARKS = payload<IMarks>('Marks');
const PLACES = payload<IWorkspaces>('Workspaces');
const HERE = { ...PLACES, current: PLACES.workspaces[1]! };

describe('the line above a cell', () => {
  it('is found among other cell magics', () => {
    expect(isTracked('%%time\n%%track fit -p C\nx = 1')).toBe(true);
    expect(isTracked('x = 1\n%%track')).toBe(false);
    expect(isTracked('%%tracker\nx')).toBe(false);
  });

  it('is put above and taken off', () => {
    expect(toggled('x = 1')).toBe('%%track\nx = 1');
    expect(toggled('%%time\n%%track fit\nx = 1')).toBe('%%time\nx = 1');
  });

  it('may hold for all cells', () => {
    expect(modeSet('%track on\nx')).toBe(true);
    expect(modeSet('%track on\n%track off')).toBe(false);
    expect(modeSet('%track')).toBeNull();
  });

  it('tells an edited cell from a masked secret', () => {
    expect(hasChanged('%%track\nx = 1\n', '%%track\nx = 1')).toBe(false);
    expect(hasChanged('x = 1', 'x = 2')).toBe(true);
    expect(hasChanged('k = "<masked:token>"', 'k = "abc"')).toBe(false);
  });
});

describe('MarksModel', () => {
  it('knows the last run of a cell', async () => {
    const stub = new StubClient({ workspaces: HERE, marks: MARKS });
    const marks = new MarksModel(stub.client, 'work/churn/churn.ipynb');
    await marks.refresh();
    expect(marks.mark('a1')?.name).toBe('forest');
    expect(marks.mark('b2')).toBeUndefined();
  });

  it('is empty where nothing was recorded yet', async () => {
    const stub = new StubClient({ workspaces: PLACES });
    const marks = new MarksModel(stub.client, 'churn.ipynb');
    await marks.refresh();
    expect(marks.mark('a1')).toBeUndefined();
  });

  it('compares a value with the best', () => {
    const standing = standingOf(MARKS.marks[0]!);
    expect(standing).toEqual({ key: 'auc', value: 0.75, change: -0.125 });
  });
});
