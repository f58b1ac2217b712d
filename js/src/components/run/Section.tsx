/**
 * A part of the run's view under a heading; it may be folded.
 */
import * as React from 'react';

/** A part that is always there. */
export function Section(props: {
  title: string;
  note?: string;
  children: React.ReactNode;
}): React.JSX.Element {
  const id = React.useId();
  return (
    <section className="jp-Mlops-runSection" aria-labelledby={id}>
      <h2 id={id}>
        {props.title}
        {props.note && <span className="jp-Mlops-aside">{props.note}</span>}
      </h2>
      {props.children}
    </section>
  );
}

/** A part that is opened by whoever wants it; drawn only then. */
export function Fold(props: {
  title: string;
  note?: string;
  children: () => React.ReactNode;
}): React.JSX.Element {
  const [isOpen, setOpen] = React.useState(false);
  return (
    <details
      className="jp-Mlops-runSection jp-Mlops-fold"
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        <h2>{props.title}</h2>
        {props.note && <span className="jp-Mlops-aside">{props.note}</span>}
      </summary>
      {isOpen && props.children()}
    </details>
  );
}

/** Names and what they stand for. */
export function Facts(props: {
  rows: readonly (readonly [string, React.ReactNode])[];
}): React.JSX.Element {
  return (
    <dl className="jp-Mlops-facts">
      {props.rows.map(([name, value]) => (
        <React.Fragment key={name}>
          <dt title={name}>{name}</dt>
          <dd>{value}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}
