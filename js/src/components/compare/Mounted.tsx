/**
 * A Lumino widget within React's elements.
 */
import * as React from 'react';
import { Widget } from '@lumino/widgets';

/** Show what `make` makes; it is disposed with its place. */
export function Mounted(props: { make: () => Widget }): React.JSX.Element {
  const { make } = props;
  const host = React.useRef<HTMLDivElement>(null);
  // A layout effect is undone while its place is still there: a widget can be
  // detached from nowhere else.
  React.useLayoutEffect(() => {
    if (!host.current) {
      return undefined;
    }
    const widget = make();
    Widget.attach(widget, host.current);
    return () => widget.dispose();
  }, [make]);
  return <div ref={host} />;
}
