/**
 * The models of the workspace: names, aliases, and which cannot be trusted.
 */
import * as React from 'react';
import { UseSignal, searchIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IModel } from '../../api/registry';
import type { RegistryModel } from '../../models/registry';
import { formatAgo } from '../format';
import { moved } from '../keys';
import { Lesson, Lines } from '../Lesson';
import { BrokenSign } from './signs';
import { kindOf } from './words';

const PUSH = '%mlops push NAME --from last';
const PAGE = 10;

export interface IRegistryListProps {
  registry: RegistryModel;
  onOpen: (name: string) => void;
  trans: TranslationBundle;
}

export function RegistryList(props: IRegistryListProps): React.JSX.Element {
  return (
    <UseSignal signal={props.registry.stateChanged}>
      {() => <Listed {...props} />}
    </UseSignal>
  );
}

function Listed(props: IRegistryListProps): React.JSX.Element | null {
  const { registry, trans } = props;
  if (!registry.hasAnswer) {
    return registry.problem ? <p role="alert">{registry.problem}</p> : null;
  }
  if (registry.total === 0) {
    return <NoModels trans={trans} />;
  }
  return (
    <>
      <div className="jp-Mlops-question">
        <div className="jp-Mlops-input">
          <searchIcon.react tag="span" className="jp-Mlops-inputIcon" />
          <input
            type="search"
            className="jp-mod-styled"
            spellCheck={false}
            aria-label={trans.__('Filter models')}
            placeholder={trans.__('Name, alias or kind of model')}
            value={registry.filter}
            onChange={event => (registry.filter = event.target.value)}
          />
        </div>
        <div className="jp-Mlops-count">
          <span role="status">
            {trans._n('%1 model', '%1 models', registry.total)}
          </span>
        </div>
      </div>
      <Rows {...props} />
    </>
  );
}

function Rows(props: IRegistryListProps): React.JSX.Element {
  const { registry, trans } = props;
  const { models, broken } = registry;
  if (models.length + broken.length === 0) {
    return (
      <p className="jp-Mlops-none" role="status">
        {trans.__('No model fits.')}
      </p>
    );
  }
  return (
    <ul
      className="jp-Mlops-registry"
      aria-label={trans.__('Models')}
      onKeyDown={moveFocus}
    >
      {broken.map(one => (
        <li key={`broken ${one.name}`}>
          <button
            className="jp-Mlops-registryRow jp-mod-broken"
            title={one.message}
            onClick={() => props.onOpen(one.name)}
          >
            <span className="jp-Mlops-registryName">
              <BrokenSign trans={trans} />
              {one.name}
            </span>
            <span className="jp-Mlops-registryAbout">
              {trans.__('its history was changed')}
            </span>
          </button>
        </li>
      ))}
      {models.map(one => (
        <li key={one.name}>
          <Row model={one} onOpen={props.onOpen} trans={trans} />
        </li>
      ))}
    </ul>
  );
}

function Row(props: {
  model: IModel;
  onOpen: (name: string) => void;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { model, trans } = props;
  const { latest } = model;
  return (
    <button
      className="jp-Mlops-registryRow"
      data-model={model.name}
      onClick={() => props.onOpen(model.name)}
    >
      <span className="jp-Mlops-registryName">{model.name}</span>
      <span className="jp-Mlops-registryCount">
        {trans._n('%1 version', '%1 versions', model.versions)}
      </span>
      <span className="jp-Mlops-aliases">
        {Object.entries(model.aliases).map(([alias, version]) => (
          <span className="jp-Mlops-alias" key={alias}>
            {alias} <b>{version}</b>
          </span>
        ))}
      </span>
      {latest && (
        <span className="jp-Mlops-registryAbout">
          {kindOf(latest)}, {formatAgo(latest.registered, trans)}
        </span>
      )}
    </button>
  );
}

/** Arrows go from row to row. */
function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const rows = [...event.currentTarget.querySelectorAll('button')];
  const place = rows.indexOf(document.activeElement as HTMLButtonElement);
  const wanted = moved(event.key, place, rows.length, PAGE);
  if (wanted !== null && place >= 0) {
    event.preventDefault();
    rows[wanted]?.focus();
  }
}

/** Nothing was registered yet. */
function NoModels(props: { trans: TranslationBundle }): React.JSX.Element {
  const { trans } = props;
  return (
    <Lesson title={trans.__('No models yet')}>
      <p>
        {trans.__(
          'A model that a tracked cell fitted becomes the first version of a registered one by this line, in a notebook:'
        )}
      </p>
      <Lines text={PUSH} trans={trans} />
      <p>
        {trans.__(
          'It is bound to its run, data and environment. Gates in gates.yaml say what it must pass to be promoted.'
        )}
      </p>
    </Lesson>
  );
}
