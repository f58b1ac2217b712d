/**
 * Outputs that changed: text by lines, pictures under a slider, the rest side by side.
 */
import * as React from 'react';
import type { IOutput } from '@jupyterlab/nbformat';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import type { IOutputChange } from '../../api/compare';
import { hasRichValue, pictureAddress } from '../../models/diffpictures';
import { DiffCode } from './DiffCode';
import { Mounted } from './Mounted';
import { Slider } from './Slider';

/** Draws an output, untrusted. */
export type Draw = (output: IOutput) => Widget;

export interface IDiffOutputsProps {
  changes: readonly IOutputChange[];
  names: readonly [string, string];
  draw: Draw;
  trans: TranslationBundle;
}

export function DiffOutputs(props: IDiffOutputsProps): React.JSX.Element {
  return (
    <>
      {props.changes.map((change, at) => (
        <Change key={at} {...props} change={change} />
      ))}
    </>
  );
}

interface IChangeProps extends IDiffOutputsProps {
  change: IOutputChange;
}

function Change(props: IChangeProps): React.JSX.Element {
  const { change, names, trans } = props;
  const title = placeOf(change, trans);
  const before = pictureAddress(change.before);
  const after = pictureAddress(change.after);
  const isRich = hasRichValue(change.before) || hasRichValue(change.after);
  return (
    <div className="jp-Mlops-outputChange">
      <div className="jp-Mlops-diffPlace">
        <span>{title}</span>
        {change.words && <span className="jp-Mlops-quiet">{change.words}</span>}
      </div>
      {before && after ? (
        <Slider
          name={title}
          before={before}
          after={after}
          names={names}
          trans={trans}
        />
      ) : isRich || change.lines.length === 0 ? (
        <div className="jp-Mlops-beside">
          <Shown {...props} output={change.before} name={names[0]} />
          <Shown {...props} output={change.after} name={names[1]} />
        </div>
      ) : (
        <DiffCode lines={change.lines} label={title} trans={trans} />
      )}
      {change.omitted.length > 0 && (
        <p className="jp-Mlops-quiet">
          {trans.__('Too long to be shown here: %1', change.omitted.join(', '))}
        </p>
      )}
    </div>
  );
}

function Shown(
  props: IChangeProps & { output: IOutput | null; name: string }
): React.JSX.Element {
  const { draw, output, name, trans } = props;
  const make = React.useCallback(() => draw(output as IOutput), [draw, output]);
  const picture = pictureAddress(output);
  return (
    <div role="group" aria-label={name}>
      <div className="jp-Mlops-quiet">{name}</div>
      {picture ? (
        <img src={picture} alt={trans.__('picture of %1', name)} />
      ) : output ? (
        <Mounted make={make} />
      ) : (
        <p className="jp-Mlops-compareNone">{trans.__('no such output')}</p>
      )}
    </div>
  );
}

function placeOf(change: IOutputChange, trans: TranslationBundle): string {
  const one = (change.output_after ?? change.output_before ?? 0) + 1;
  const cell =
    (change.output_after === null ? change.cell_before : change.cell_after) + 1;
  return trans.__('Cell %1, output %2', cell, one);
}
