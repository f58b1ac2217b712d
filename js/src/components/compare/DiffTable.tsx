/**
 * Named values of two runs that are not the same.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { How } from '../../api/compare';

export interface IDiffTableRow {
  name: string;
  how: How;
  before: string;
  after: string;
  note?: string;
}

export interface IDiffTableProps {
  names: readonly [string, string];
  rows: readonly IDiffTableRow[];
  trans: TranslationBundle;
}

const SIGNS: { [how in How]: string } = {
  added: '+',
  removed: '−',
  changed: '~',
  unknown: '?'
};

export function DiffTable(props: IDiffTableProps): React.JSX.Element {
  const { names, trans } = props;
  return (
    <div className="jp-Mlops-scroll">
      <table className="jp-Mlops-diffTable">
        <thead>
          <tr>
            <td />
            <td />
            <th scope="col">{names[0]}</th>
            <th scope="col">{names[1]}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row, at) => (
            <tr key={at}>
              <td>
                <span role="img" aria-label={wordOf(row.how, trans)}>
                  {SIGNS[row.how]}
                </span>
              </td>
              <th scope="row">{row.name}</th>
              <td className="jp-mod-gone">{row.before}</td>
              <td className="jp-mod-come">{row.after}</td>
              <td className="jp-Mlops-quiet">{row.note}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function wordOf(how: How, trans: TranslationBundle): string {
  return {
    added: trans.__('added'),
    removed: trans.__('removed'),
    changed: trans.__('changed'),
    unknown: trans.__('not recorded well enough to tell')
  }[how];
}
