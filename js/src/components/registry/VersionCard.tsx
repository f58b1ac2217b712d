/**
 * A model card, as JupyterLab renders Markdown that nobody vouches for.
 */
import * as React from 'react';

/** Renders Markdown into an element, untrusted; disposes it by what it returns. */
export type RenderCard = (markdown: string, into: HTMLElement) => () => void;

export function VersionCard(props: {
  markdown: string;
  render: RenderCard;
  label: string;
}): React.JSX.Element {
  const { markdown, render } = props;
  const place = React.useRef<HTMLDivElement>(null);
  // Taken away before its place is: a widget refuses to leave a page it is not in.
  React.useLayoutEffect(
    () => (place.current ? render(markdown, place.current) : undefined),
    [markdown, render]
  );
  return (
    <div
      ref={place}
      className="jp-Mlops-cardView"
      role="document"
      aria-label={props.label}
      tabIndex={0}
    />
  );
}
