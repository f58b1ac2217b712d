/**
 * Everything that differs between two runs: code, outputs, data, environment.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type {
  ICodePart,
  IDataChange,
  IDifference,
  IPart,
  IValueChange
} from '../../api/compare';
import { keptAddress } from '../../models/diffpictures';
import { formatValue } from '../format';
import { DiffCode } from './DiffCode';
import type { Colour } from './DiffCode';
import { DiffOutputs } from './DiffOutputs';
import type { Draw } from './DiffOutputs';
import { DiffTable } from './DiffTable';
import { Section } from './Section';
import { Slider } from './Slider';

export interface IDiffViewProps {
  difference: IDifference;
  colour: Colour;
  draw: Draw;
  trans: TranslationBundle;
}

export function DiffView(props: IDiffViewProps): React.JSX.Element {
  const { difference, trans } = props;
  const names = [difference.before.name, difference.after.name] as const;
  const { values, data } = difference;
  return (
    <>
      <Code part={difference.code} title={trans.__('Code')} {...props} />
      <Code
        part={difference.recipe}
        title={trans.__('Cells before')}
        {...props}
      />
      {difference.outputs.total > 0 && (
        <Section
          title={trans.__('Outputs')}
          note={noteOf(difference.outputs, trans)}
        >
          <DiffOutputs
            changes={difference.outputs.changes}
            names={names}
            draw={props.draw}
            trans={trans}
          />
        </Section>
      )}
      <Pictures {...props} />
      {data.total > 0 && (
        <Section title={trans.__('Data')} note={noteOf(data, trans)}>
          <DiffTable
            names={names}
            rows={data.changes.map(one => dataRow(one))}
            trans={trans}
          />
        </Section>
      )}
      <Named title={trans.__('Outcome')} part={values.outcome} {...props} />
      <Named title={trans.__('Packages')} part={values.packages} {...props} />
      <Named title={trans.__('Git')} part={values.git} {...props}>
        {difference.uncommitted.length > 0 && (
          <DiffCode
            lines={difference.uncommitted}
            label={trans.__('Uncommitted changes')}
            trans={trans}
          />
        )}
      </Named>
      <Named
        title={trans.__('Environment')}
        part={values.environment}
        {...props}
      />
      {difference.is_equal && (
        <p>{trans.__('Nothing else that was recorded differs.')}</p>
      )}
      {difference.remarks.map(remark => (
        <p key={remark} className="jp-Mlops-quiet">
          {remark}
        </p>
      ))}
    </>
  );
}

function Code(
  props: IDiffViewProps & { part: ICodePart; title: string }
): React.JSX.Element | null {
  const { part, title, trans } = props;
  if (part.total === 0 && !part.is_reordered) {
    return null;
  }
  return (
    <Section title={title} note={noteOf(part, trans)}>
      {part.is_reordered && (
        <p>{trans.__('These cells ran in another order.')}</p>
      )}
      {part.changes.map((change, at) => (
        <div key={at} className="jp-Mlops-cellChange">
          <div className="jp-Mlops-diffPlace">
            {trans.__('Cell %1', (change.after ?? change.before ?? 0) + 1)}
            {change.how === 'added' && ` · ${trans.__('only in the second')}`}
            {change.how === 'removed' && ` · ${trans.__('only in the first')}`}
          </div>
          {change.lines.length > 0 ? (
            <DiffCode
              lines={change.lines}
              colour={props.colour}
              label={title}
              trans={trans}
            />
          ) : (
            <p className="jp-Mlops-quiet">{trans.__('Too long to compare.')}</p>
          )}
        </div>
      ))}
    </Section>
  );
}

function Pictures(props: IDiffViewProps): React.JSX.Element | null {
  const { difference, trans } = props;
  if (difference.pictures.length === 0) {
    return null;
  }
  return (
    <Section title={trans.__('Pictures')}>
      {difference.pictures.map(pair => {
        const [before, after] = [pair.before, pair.after].map(keptAddress);
        return (
          <div key={pair.name} className="jp-Mlops-outputChange">
            <div className="jp-Mlops-diffPlace">{pair.name}</div>
            {before && after ? (
              <Slider
                name={pair.name}
                before={before}
                after={after}
                names={[difference.before.name, difference.after.name]}
                trans={trans}
              />
            ) : (
              <p className="jp-Mlops-quiet">
                {trans.__('Too large to be shown here.')}
              </p>
            )}
          </div>
        );
      })}
    </Section>
  );
}

function Named(
  props: IDiffViewProps & {
    title: string;
    part: IPart<IValueChange>;
    children?: React.ReactNode;
  }
): React.JSX.Element | null {
  const { difference, part, title, trans } = props;
  if (part.total === 0 && !props.children) {
    return null;
  }
  return (
    <Section title={title} note={noteOf(part, trans)}>
      {part.total > 0 && (
        <DiffTable
          names={[difference.before.name, difference.after.name]}
          rows={part.changes.map(change => ({
            name: change.name,
            how: change.how,
            before: change.how === 'added' ? '' : formatValue(change.before),
            after: change.how === 'removed' ? '' : formatValue(change.after)
          }))}
          trans={trans}
        />
      )}
      {props.children}
    </Section>
  );
}

function dataRow(
  change: IDataChange
): React.ComponentProps<typeof DiffTable>['rows'][number] {
  return { ...change, note: [change.role, change.words].join(' ').trim() };
}

function noteOf(part: IPart<unknown>, trans: TranslationBundle): string {
  const said = trans._n('%1 change', '%1 changes', part.total);
  const hidden = part.total - part.changes.length;
  return [
    said,
    hidden > 0 ? trans.__('the first %1 shown', part.changes.length) : '',
    part.equal > 0 ? trans.__('%1 equal', part.equal) : ''
  ]
    .filter(Boolean)
    .join(', ');
}
