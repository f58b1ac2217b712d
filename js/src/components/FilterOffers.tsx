/**
 * The list below a filter: what may come next in it.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

/** The list's id in the page. */
export const OFFERS = 'jp-mlops-offers';

/** An offer's id in the page, for those who hear it. */
export function offerId(at: number): string {
  return `${OFFERS}-${at}`;
}

export function FilterOffers(props: {
  offers: readonly string[];
  at: number;
  onTake: (offer: string) => void;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { at } = props;
  React.useEffect(() => {
    document.getElementById(offerId(at))?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <ul
      id={OFFERS}
      className="jp-Mlops-offers"
      role="listbox"
      aria-label={props.trans.__('What may come next')}
    >
      {props.offers.map((offer, place) => (
        <li
          key={offer}
          id={offerId(place)}
          role="option"
          aria-selected={place === at}
          // Before the field loses the focus, and with it the list.
          onMouseDown={event => {
            event.preventDefault();
            props.onTake(offer);
          }}
        >
          {offer}
        </li>
      ))}
    </ul>
  );
}
