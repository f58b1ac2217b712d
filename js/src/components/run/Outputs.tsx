/**
 * What a cell showed; long outputs are fetched when they come into sight.
 */
import * as React from 'react';
import type { IOutput } from '@jupyterlab/nbformat';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Button } from '@jupyterlab/ui-components';

import { MOST_BYTES, bytesAway, wholeOutputs } from '../../models/outputs';
import type { Fetch } from '../../models/outputs';
import type { Renderers } from '../../widgets/renderers';
import { formatBytes } from '../bytes';
import { Lumino, useSeen } from './Lumino';

export function Outputs(props: {
  outputs: IOutput[];
  fetch: Fetch;
  renderers: Renderers;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { outputs, fetch, renderers, trans } = props;
  const node = React.useRef<HTMLDivElement>(null);
  const isSeen = useSeen(node);
  const size = bytesAway(outputs);
  const [isWanted, setWanted] = React.useState(size <= MOST_BYTES);
  const [found, setFound] = React.useState<IOutput[] | null>(null);
  const [problem, setProblem] = React.useState('');
  const what = JSON.stringify(outputs);
  React.useEffect(() => {
    if (!isSeen || !isWanted) {
      return undefined;
    }
    let isOver = false;
    wholeOutputs(outputs, fetch).then(
      whole => !isOver && setFound(whole),
      () => !isOver && setProblem(trans.__('A long output cannot be fetched.'))
    );
    return () => {
      isOver = true;
    };
  }, [isSeen, isWanted, what]);
  return (
    <div ref={node} className="jp-Mlops-outputs">
      {!isWanted && (
        <Button onClick={() => setWanted(true)}>
          {trans.__('Show %1 of outputs', formatBytes(size))}
        </Button>
      )}
      {problem && <div className="jp-Mlops-error">{problem}</div>}
      {found && <Lumino make={() => renderers.outputs(found)} what={what} />}
    </div>
  );
}
