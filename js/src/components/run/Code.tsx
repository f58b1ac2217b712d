/**
 * Code with its colours, as soon as it is in sight; plain text until then.
 */
import * as React from 'react';

import type { Renderers } from '../../widgets/renderers';
import { Lumino, useSeen } from './Lumino';

export function Code(props: {
  source: string;
  label: string;
  renderers: Renderers;
}): React.JSX.Element {
  const { source, label, renderers } = props;
  const node = React.useRef<HTMLDivElement>(null);
  const isSeen = useSeen(node);
  return (
    <div ref={node} className="jp-Mlops-code">
      {isSeen ? (
        <Lumino make={() => renderers.code(source, label)} what={source} />
      ) : (
        <pre>{source}</pre>
      )}
    </div>
  );
}
