/**
 * How curves are looked at: axes, smoothing, back from a zoom.
 */
import * as React from 'react';
import { Button, HTMLSelect, undoIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { CurveAxis } from '../api/wire';
import type { ICurveLook } from './Curves';

export interface ICurvesBarProps {
  look: ICurveLook;
  onChange: (part: Partial<ICurveLook>) => void;
  isZoomed: boolean;
  onReset: () => void;
  /** Whether there are several metrics, which may share a chart. */
  hasSeveral: boolean;
  trans: TranslationBundle;
}

export function CurvesBar(props: ICurvesBarProps): React.JSX.Element {
  const { look, onChange, trans } = props;
  return (
    <div
      className="jp-Mlops-curvesBar"
      role="group"
      aria-label={trans.__('How curves are drawn')}
    >
      <label>
        <span>{trans.__('Over')}</span>
        <HTMLSelect
          value={look.axis}
          onChange={event =>
            onChange({ axis: event.target.value as CurveAxis })
          }
        >
          <option value="step">{trans.__('steps')}</option>
          <option value="age">{trans.__('time since start')}</option>
          <option value="time">{trans.__('time of day')}</option>
        </HTMLSelect>
      </label>
      <Slider {...props} />
      <Box
        isOn={look.isLog}
        onChange={isLog => onChange({ isLog })}
        label={trans.__('Log scale')}
      />
      {props.hasSeveral && (
        <Box
          isOn={look.isOne}
          onChange={isOne => onChange({ isOne })}
          label={trans.__('One chart')}
        />
      )}
      {props.isZoomed && (
        <Button
          minimal
          small
          title={trans.__('Show everything (Escape)')}
          aria-label={trans.__('Show everything')}
          onClick={props.onReset}
        >
          <undoIcon.react tag="span" />
        </Button>
      )}
    </div>
  );
}

function Slider(props: ICurvesBarProps): React.JSX.Element {
  const { look, trans } = props;
  return (
    <label>
      <span>{trans.__('Smoothing')}</span>
      <input
        type="range"
        min={0}
        max={0.99}
        step={0.01}
        value={look.smoothing}
        onChange={event =>
          props.onChange({ smoothing: Number(event.target.value) })
        }
      />
      <output>{look.smoothing.toFixed(2)}</output>
    </label>
  );
}

function Box(props: {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  label: string;
}): React.JSX.Element {
  return (
    <label>
      <input
        type="checkbox"
        checked={props.isOn}
        onChange={event => props.onChange(event.target.checked)}
      />
      <span>{props.label}</span>
    </label>
  );
}
