/**
 * Whether a table was scrolled sideways: only then do the names of its rows stick.
 */
import * as React from 'react';

const SHIFTED = 'jp-mod-shifted';

/**
 * Say so in the classes of the element that scrolls. Called before what draws the rows:
 * whoever asks after that where the element is makes the browser lay it all out at once.
 */
export function useShifting(scroller: React.RefObject<HTMLElement>): void {
  React.useLayoutEffect(() => {
    const node = scroller.current;
    const look = (): void =>
      void node?.classList.toggle(SHIFTED, node.scrollLeft !== 0);
    node?.addEventListener('scroll', look, { passive: true });
    return () => node?.removeEventListener('scroll', look);
  }, [scroller]);
}
