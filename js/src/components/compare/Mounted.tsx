/**
 * A Lumino widget within React's elements.
 */
import * as React from 'react';
import { Widget } from '@lumino/widgets';

/** Show what `make` makes; it is disposed with its place. */
export function Mounted(props: { make: () => Widget }): React.JSX.Element {
  const { make } = props;
  const host = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    if (!host.current) {
      return;
    }
    const widget = make();
    Widget.attach(widget, host.current);
    return () => {
      // React takes the place away first; only then may nobody detach it again.
      widget.dispose();
    };
  }, [make]);
  return <div ref={host} />;
}
