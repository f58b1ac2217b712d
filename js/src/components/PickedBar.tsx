/**
 * What can be done with several runs, while several are picked.
 */
import * as React from 'react';
import { Button, UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { TableModel } from '../models/table';

export interface IPickedBarProps {
  table: TableModel;
  onCompare: () => void;
  trans: TranslationBundle;
}

export function PickedBar(props: IPickedBarProps): React.JSX.Element {
  const { table, trans } = props;
  return (
    <UseSignal signal={table.stateChanged}>
      {() =>
        table.picked.length < 2 ? null : (
          <div
            className="jp-Mlops-picked"
            role="toolbar"
            aria-label={trans.__('Picked runs')}
          >
            <span role="status">
              {trans.__('%1 runs picked', table.picked.length)}
            </span>
            <Button small onClick={props.onCompare}>
              {trans.__('Compare')}
            </Button>
            <Button
              small
              minimal
              onClick={() => table.select(table.selected ?? null)}
            >
              {trans.__('Clear')}
            </Button>
          </div>
        )
      }
    </UseSignal>
  );
}
