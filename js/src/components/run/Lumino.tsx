/**
 * A widget of JupyterLab's within what React draws.
 */
import * as React from 'react';
import { Widget } from '@lumino/widgets';

/** Hold what `make` makes; made anew when `what` changes. */
export function Lumino(props: {
  make: () => Widget;
  what: string;
}): React.JSX.Element {
  const { make, what } = props;
  const host = React.useRef<HTMLDivElement>(null);
  const maker = React.useRef(make);
  maker.current = make;
  // A layout effect is undone while its place is still there: from nowhere else
  // can a widget be detached.
  React.useLayoutEffect(() => {
    if (host.current === null) {
      return undefined;
    }
    const widget = maker.current();
    Widget.attach(widget, host.current);
    return () => widget.dispose();
  }, [what]);
  return <div ref={host} />;
}

const NEAR = '600px';

/** Tell once that a node is in sight, or nearly so. */
export function useSeen(node: React.RefObject<HTMLElement>): boolean {
  const [isSeen, setSeen] = React.useState(false);
  React.useEffect(() => {
    if (isSeen || node.current === null) {
      return undefined;
    }
    const watch = new IntersectionObserver(
      entries => {
        if (entries.some(entry => entry.isIntersecting)) {
          setSeen(true);
        }
      },
      { rootMargin: NEAR }
    );
    watch.observe(node.current);
    return () => watch.disconnect();
  }, [isSeen, node]);
  return isSeen;
}
