/**
 * A registered model in its tab: its versions, and everything of one of them.
 */
import * as React from 'react';
import { UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IVersionDetails } from '../../api/registry';
import type { VersionsModel } from '../../models/versions';
import type { VersionPart } from '../../models/versionparts';
import { Lesson } from '../Lesson';
import { Tabs } from '../Tabs';
import { CardForm } from './CardForm';
import { LineageView } from './LineageView';
import { VersionActions } from './VersionActions';
import { VersionCard } from './VersionCard';
import type { RenderCard } from './VersionCard';
import { VersionCells } from './VersionCells';
import type { Highlight } from './VersionCells';
import { VersionCompare } from './VersionCompare';
import { VersionHistory } from './VersionHistory';
import { VersionOverview } from './VersionOverview';
import { VersionsTable } from './VersionsTable';

/** What the view asks its surroundings to do. */
export interface IVersionDeeds {
  openRun: (run: string) => void;
  insert: (code: string) => void;
  canInsert: () => boolean;
  copy: (code: string) => void;
  highlight: Highlight;
  renderCard: RenderCard;
}

export interface IVersionsViewProps {
  model: VersionsModel;
  deeds: IVersionDeeds;
  trans: TranslationBundle;
}

export function VersionsView(props: IVersionsViewProps): React.JSX.Element {
  return (
    <UseSignal signal={props.model.stateChanged}>
      {() => <View {...props} />}
    </UseSignal>
  );
}

function View(props: IVersionsViewProps): React.JSX.Element | null {
  const { model, deeds, trans } = props;
  const { found, current, problem } = model;
  if (problem !== null) {
    return (
      <Lesson
        title={
          problem.isBroken
            ? trans.__('The history of %1 cannot be trusted', model.name)
            : trans.__('%1 cannot be shown', model.name)
        }
      >
        <p role="alert">{problem.sentence}</p>
        {problem.isBroken && (
          <p>
            {trans.__(
              "Nothing can be promoted, approved or archived. 'jupyter mlops doctor' says what else is wrong."
            )}
          </p>
        )}
      </Lesson>
    );
  }
  if (found === null || current === null) {
    return null;
  }
  const { details } = model.parts;
  return (
    <>
      <h2>{model.name}</h2>
      {found.problem && (
        <p className="jp-Mlops-error" role="alert">
          {found.problem}
        </p>
      )}
      <VersionsTable
        versions={model.versions}
        current={current.version}
        picked={model.pair.picked}
        onChoose={version => void model.choose(version)}
        onPick={version => void model.pick(version)}
        trans={trans}
      />
      <VersionCompare pair={model.pair.found} trans={trans} />
      {details !== null && (
        <>
          <VersionActions
            model={model}
            found={found}
            details={details}
            onInsert={deeds.insert}
            canInsert={deeds.canInsert}
            onCopy={deeds.copy}
            onRun={deeds.openRun}
            trans={trans}
          />
          <PartTabs model={model} trans={trans} />
          <div
            className="jp-Mlops-part"
            role="tabpanel"
            id={PANEL}
            aria-labelledby={tabId(model.part)}
          >
            <Part {...props} details={details} />
          </div>
        </>
      )}
    </>
  );
}

const PANEL = 'jp-mlops-version-part';

function Part(
  props: IVersionsViewProps & { details: IVersionDetails }
): React.JSX.Element | null {
  const { model, details, deeds, trans } = props;
  const { card, lineage, history } = model.parts;
  const onRun = deeds.openRun;
  switch (model.part) {
    case 'lineage':
      return (
        lineage && <LineageView lineage={lineage} onRun={onRun} trans={trans} />
      );
    case 'cells':
      return (
        <VersionCells
          cells={details.cells}
          highlight={deeds.highlight}
          trans={trans}
        />
      );
    case 'card':
      return (
        card && (
          <>
            <CardForm
              card={card}
              version={details.version.version}
              onFill={fields => model.fillCard(fields)}
              trans={trans}
            />
            <VersionCard
              markdown={card.markdown}
              render={deeds.renderCard}
              label={trans.__('Model card')}
            />
          </>
        )
      );
    case 'history':
      return (
        history && (
          <VersionHistory events={history} onRun={onRun} trans={trans} />
        )
      );
    default:
      return <VersionOverview details={details} onRun={onRun} trans={trans} />;
  }
}

function PartTabs(props: {
  model: VersionsModel;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { model, trans } = props;
  const labels: { [part in VersionPart]: string } = {
    overview: trans.__('Overview'),
    lineage: trans.__('Lineage'),
    cells: trans.__('Cells'),
    card: trans.__('Card'),
    history: trans.__('History')
  };
  return (
    <Tabs
      tabs={Object.entries(labels).map(([id, label]) => ({ id, label }))}
      current={model.part}
      toTabId={tabId}
      toPanelId={() => PANEL}
      label={trans.__('Parts of the version')}
      onShow={part => void model.show(part as VersionPart)}
    />
  );
}

function tabId(part: string): string {
  return `jp-mlops-version-tab-${part}`;
}
