/**
 * What a run keeps under names: to be saved, or loaded in a notebook.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Button, downloadIcon } from '@jupyterlab/ui-components';

import type { IArtifact } from '../../api/rundetails';
import { formatBytes } from '../bytes';

export function Artifacts(props: {
  artifacts: IArtifact[];
  address: (artifact: IArtifact) => string;
  onInsert: ((artifact: IArtifact) => void) | null;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { artifacts, address, onInsert, trans } = props;
  return (
    <ul className="jp-Mlops-list">
      {artifacts.map(one => (
        <li key={one.name}>
          <span className="jp-Mlops-main" title={one.name}>
            {one.name}
          </span>
          <span className="jp-Mlops-aside">
            {one.format} · {formatBytes(one.size)}
          </span>
          {onInsert && (
            <Button
              minimal
              small
              title={trans.__('Insert code that loads it')}
              aria-label={trans.__('Insert code that loads %1', one.name)}
              onClick={() => onInsert(one)}
            >
              {'{ }'}
            </Button>
          )}
          {one.is_folder ? (
            <span className="jp-Mlops-noAction" />
          ) : (
            <a
              className="jp-Mlops-download"
              href={address(one)}
              download
              title={trans.__('Download')}
              aria-label={trans.__('Download %1', one.name)}
            >
              <downloadIcon.react tag="span" />
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
