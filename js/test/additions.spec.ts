import type { IRun, IRunPage, IWorkspaces } from '../src/api/wire';
import { ADDED } from '../src/models/additions';
import { PanelModel } from '../src/models/panel';
import { outermost } from '../src/models/recording';
import { SettingsModel } from '../src/models/settings';
import { obeySettings } from '../src/plugins/settings';
import { payload } from './payloads';
import { StubClient } from './stub';

const RUNS = payload<IRunPage>('RunPage');

function panel(): [PanelModel, StubClient] {
  const places = payload<IWorkspaces>('Workspaces');
  const stub = new StubClient({ runs: RUNS, workspaces: places });
  return [new PanelModel(stub.client), stub];
}

describe('what others add', () => {
  it('is a column until it is taken away', () => {
    const [model] = panel();
    const text = (run: IRun): string => `${run.seconds} €`;
    const column = { id: 'cost', title: 'Cost', text };
    const added = model.additions.addColumn(column);
    expect(model.table.columns).toEqual(['started', `${ADDED}cost`]);
    expect(model.additions.column(`${ADDED}cost`)).toBe(column);
    model.table.toggle(`${ADDED}cost`);
    expect(model.table.columns).toEqual(['started']);
    added.dispose();
    model.table.choose(null);
    expect(model.table.columns).toEqual(['started']);
    model.dispose();
  });
});

describe('settings', () => {
  it('are as they come where they are wrong', () => {
    const settings = new SettingsModel();
    settings.take({ columns: [1], metric: 7, groupBy: 'kernel', marks: false });
    expect(settings.values).toMatchObject({
      columns: [],
      metric: '',
      groupBy: '',
      marks: false,
      statusBar: true
    });
  });

  it('say how the panel begins, not what was chosen', () => {
    const [model] = panel();
    const settings = new SettingsModel();
    obeySettings(settings, model);
    settings.take({
      columns: ['metrics.auc'],
      groupBy: 'parent',
      metric: 'f1'
    });
    expect(model.table.columns).toEqual(['metrics.auc']);
    expect(model.table.metric).toBe('f1');
    model.table.setDefaults([], 'f1');
    expect(model.table.columns[0]).toBe('curves.f1');
    expect(model.runs.question.groupBy).toBe('parent');
    model.table.choose(['seconds']);
    expect(model.table.columns).toEqual(['seconds']);
    model.dispose();
  });
});

describe('what is recorded', () => {
  it('is told once: its parts go without saying', () => {
    const [parent, child] = [
      { ...RUNS.runs[0]!, run_id: 'p', parent_id: null },
      { ...RUNS.runs[1]!, run_id: 'c', parent_id: 'p' }
    ];
    expect(outermost([child, parent])).toEqual([parent]);
    expect(outermost([child])).toEqual([child]);
  });
});
