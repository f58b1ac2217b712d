import { placeColumns, toTemplate } from '../src/components/widths';

const COLUMNS = [
  { id: 'name', width: 132 },
  { id: 'metrics.auc', width: 76 },
  { id: 'started', width: 84 }
];

describe('the places of columns', () => {
  it('are counted from the right, as the first takes what is left', () => {
    expect(placeColumns(COLUMNS)).toEqual([
      { id: 'metrics.auc', place: { right: 84, width: 76 } },
      { id: 'started', place: { right: 0, width: 84 } }
    ]);
  });

  it('are those of the heads above them', () => {
    expect(toTemplate(COLUMNS)).toEqual({
      '--jp-mlops-columns': 'minmax(132px, 1fr) 76px 84px',
      '--jp-mlops-others': '160px',
      '--jp-mlops-width': '292px'
    });
  });
});
