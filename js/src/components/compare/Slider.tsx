/**
 * Two pictures over each other: a slider says how much is seen of which.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

export interface ISliderProps {
  name: string;
  /** Addresses of the pictures' data. */
  before: string;
  after: string;
  /** What the runs are called. */
  names: readonly [string, string];
  trans: TranslationBundle;
}

export function Slider(props: ISliderProps): React.JSX.Element {
  const { name, names, trans } = props;
  const [at, setAt] = React.useState(50);
  const [isApart, setApart] = React.useState(false);
  const frame = React.useRef<HTMLDivElement>(null);
  const follow = (event: React.PointerEvent): void => {
    const box = frame.current?.getBoundingClientRect();
    if (box && event.buttons === 1) {
      const share = (event.clientX - box.left) / Math.max(1, box.width);
      setAt(Math.round(Math.min(1, Math.max(0, share)) * 100));
    }
  };
  const cover = { clipPath: `inset(0 0 0 ${at}%)` };
  return (
    <figure
      className={`jp-Mlops-slider ${isApart ? 'jp-mod-apart' : ''}`}
      aria-label={name}
    >
      <div
        ref={frame}
        className="jp-Mlops-sliderFrame"
        onPointerDown={follow}
        onPointerMove={follow}
      >
        <img
          src={props.before}
          alt={trans.__('%1 of %2', name, names[0])}
          draggable={false}
        />
        <img
          src={props.after}
          alt={trans.__('%1 of %2', name, names[1])}
          style={isApart ? undefined : cover}
          draggable={false}
        />
        {!isApart && (
          <div className="jp-Mlops-sliderEdge" style={{ left: `${at}%` }} />
        )}
      </div>
      {!isApart && (
        <input
          type="range"
          min={0}
          max={100}
          value={at}
          aria-label={trans.__('How much of %1 is seen', names[0])}
          aria-valuetext={trans.__('%1 % of %2', at, names[0])}
          onChange={event => setAt(Number(event.target.value))}
        />
      )}
      <figcaption>
        <span>◧ {names[0]}</span>
        <label>
          <input
            type="checkbox"
            checked={isApart}
            onChange={event => setApart(event.target.checked)}
          />
          {trans.__('Only where they differ')}
        </label>
        <span>{names[1]} ◨</span>
      </figcaption>
    </figure>
  );
}
