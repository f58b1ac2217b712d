/**
 * The head of a group of runs: its name, how many there are, and the best of them.
 */
import * as React from 'react';
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IGroup } from '../api/wire';
import { formatNumber } from './format';
import { rowId } from './RunRow';

export interface IGroupRowProps {
  group: IGroup;
  isClosed: boolean;
  isInFront: boolean;
  line: number;
  top: number;
  columnCount: number;
  /** Whose best is told. */
  metric: string;
  onToggle: (group: IGroup) => void;
  trans: TranslationBundle;
}

export function GroupRow(props: IGroupRowProps): React.JSX.Element {
  const { group, isClosed, trans } = props;
  const Caret = isClosed ? caretRightIcon : caretDownIcon;
  const label = group.key === null ? trans.__('Without a parent') : group.label;
  const count = group.count.toLocaleString();
  return (
    <div
      role="row"
      id={rowId(props.line)}
      aria-rowindex={props.line + 2}
      aria-level={1}
      aria-expanded={!isClosed}
      className={`jp-Mlops-group ${props.isInFront ? 'jp-mod-front' : ''}`}
      style={{ transform: `translateY(${props.top}px)` }}
      onMouseDown={() => props.onToggle(group)}
    >
      <div role="gridcell" aria-colindex={1} aria-colspan={props.columnCount}>
        <Caret.react tag="span" className="jp-Mlops-caret" />
        <span className="jp-Mlops-groupName" title={label}>
          {label}
        </span>
        <span className="jp-Mlops-groupFacts">
          {group.count === 1 ? trans.__('1 run') : trans.__('%1 runs', count)}
          {group.best !== null &&
            ` · ${trans.__('best %1 %2', props.metric, formatNumber(group.best))}`}
        </span>
      </div>
    </div>
  );
}
