/**
 * The end of a form: what sends it, what leaves it, and in whose name it acts.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IVersions } from '../../api/registry';
import { whoWords } from './words';

export interface IFormEndProps {
  /** What the sending button says. */
  accept: string;
  isDisabled?: boolean;
  /** It takes something away. */
  isWarning?: boolean;
  you?: IVersions['you'];
  onCancel: () => void;
  trans: TranslationBundle;
}

export function FormEnd(props: IFormEndProps): React.JSX.Element {
  const { you, trans } = props;
  const kind = props.isWarning ? 'jp-mod-warn' : 'jp-mod-accept';
  return (
    <div className="jp-Mlops-formEnd">
      <button
        type="submit"
        className={`jp-mod-styled ${kind}`}
        disabled={props.isDisabled}
      >
        {props.accept}
      </button>
      <button
        type="button"
        className="jp-mod-styled jp-mod-reject"
        onClick={props.onCancel}
      >
        {trans.__('Cancel')}
      </button>
      {you && (
        <span className="jp-Mlops-formWho">
          {trans.__('as %1', whoWords(you.name, you.source, trans))}
        </span>
      )}
    </div>
  );
}
