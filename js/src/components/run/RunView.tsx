/**
 * Everything of one run on a page.
 */
import * as React from 'react';
import { Button } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IArtifact, IRunDetails } from '../../api/rundetails';
import type { IRun } from '../../api/wire';
import type { RunModel } from '../../models/run';
import type { Fetch } from '../../models/outputs';
import type { Renderers } from '../../widgets/renderers';
import { Artifacts } from './Artifacts';
import { Cells } from './Cells';
import { Git, commitOf } from './Git';
import { Head } from './Head';
import { Children, Files, Metrics, Params, Surroundings, words } from './Parts';
import { Recipe } from './Recipe';
import { Fold, Section } from './Section';

export interface IRunViewProps {
  model: RunModel;
  renderers: Renderers;
  fetch: Fetch;
  /** Draws the metrics that are series; null while there is nothing to draw them. */
  curves: ((run: IRun, metrics: string[]) => React.ReactNode) | null;
  onCell: () => void;
  onRun: (run: IRun) => void;
  onFile: (place: string) => void;
  /** Null where there is no notebook to insert code into. */
  onInsert: ((artifact: IArtifact) => void) | null;
  trans: TranslationBundle;
}

export function RunView(props: IRunViewProps): React.JSX.Element {
  const { model, trans } = props;
  const { details, standing } = model;
  if (details === null) {
    return <Nothing {...props} />;
  }
  return (
    <>
      {standing === 'unreachable' && (
        <div className="jp-Mlops-notice" role="status">
          {trans.__('The server does not answer. Trying again…')}
        </div>
      )}
      {model.problem && (
        <div className="jp-Mlops-notice jp-mod-error" role="alert">
          {model.problem}
        </div>
      )}
      <div className="jp-Mlops-runView">
        <Head
          details={details}
          say={words => model.say(words)}
          onCell={props.onCell}
          onRun={props.onRun}
          trans={trans}
        />
        <Aside {...props} details={details} />
        <Main {...props} details={details} />
      </div>
    </>
  );
}

/** Before the first answer, and when there is none. */
function Nothing(props: IRunViewProps): React.JSX.Element {
  const { model, trans } = props;
  if (model.standing === 'loading') {
    return <div aria-busy="true" />;
  }
  return (
    <div className="jp-Mlops-lesson">
      <h3>
        {model.standing === 'missing'
          ? trans.__('This run cannot be shown')
          : trans.__('The server does not answer')}
      </h3>
      <p>
        {trans.__(
          'Its workspace may have been moved or deleted. The run is %1.',
          model.runId
        )}
      </p>
      <Button onClick={() => void model.refresh()}>
        {trans.__('Try again')}
      </Button>
    </div>
  );
}

type Shown = IRunViewProps & { details: IRunDetails };

/** What there is much of: curves, cells, the recipe. */
function Main(props: Shown): React.JSX.Element {
  const { details, renderers, fetch, curves, trans } = props;
  const { cells, recipe, summaries } = details;
  const series = Object.keys(summaries).filter(
    key => summaries[key]!.count > 1
  );
  const isRunning = details.run.status === 'running';
  return (
    <div className="jp-Mlops-runMain">
      {series.length > 0 && curves?.(details.run, series)}
      {cells.length > 0 && (
        <Section
          title={trans.__('Cells')}
          note={cells.length > 1 ? String(cells.length) : undefined}
        >
          <Cells
            cells={cells}
            fetch={fetch}
            renderers={renderers}
            trans={trans}
          />
        </Section>
      )}
      {cells.length === 0 && isRunning && (
        <p className="jp-Mlops-aside">{trans.__('No cell has begun yet.')}</p>
      )}
      {recipe && (
        <Fold
          title={trans.__('Recipe')}
          note={trans._n(
            '%1 cell made this result',
            '%1 cells made this result',
            recipe.cells.length
          )}
        >
          {() => <Recipe recipe={recipe} renderers={renderers} trans={trans} />}
        </Fold>
      )}
    </div>
  );
}

/** What one looks up. */
function Aside(props: Shown): React.JSX.Element {
  const { details, model, fetch, trans } = props;
  const { run, files, artifacts, children, git, environment } = details;
  const address = (one: IArtifact): string =>
    model.client.address(
      model.route(`artifacts/${encodeURIComponent(one.name)}`),
      { workspace: model.workspace }
    );
  return (
    <div className="jp-Mlops-runAside">
      {Object.keys(details.summaries).length > 0 && (
        <Section title={trans.__('Metrics')}>
          <Metrics summaries={details.summaries} trans={trans} />
        </Section>
      )}
      {Object.keys(run.params).length > 0 && (
        <Section title={trans.__('Params')}>
          <Params params={run.params} />
        </Section>
      )}
      {children.length > 0 && (
        <Section title={trans.__('Runs within')} note={String(children.length)}>
          <Children runs={children} onOpen={props.onRun} trans={trans} />
        </Section>
      )}
      {artifacts.length > 0 && (
        <Section title={trans.__('Artifacts')}>
          <Artifacts
            artifacts={artifacts}
            address={address}
            onInsert={props.onInsert}
            trans={trans}
          />
        </Section>
      )}
      {files.length > 0 && (
        <Section title={trans.__('Files')}>
          <Files files={files} onOpen={props.onFile} trans={trans} />
        </Section>
      )}
      {Object.keys(git).length > 0 && (
        <Fold
          title={trans.__('Git')}
          note={[
            commitOf(git),
            git.dirty === true ? trans.__('not all committed') : ''
          ]
            .filter(Boolean)
            .join(' · ')}
        >
          {() => <Git git={git} fetch={fetch} trans={trans} />}
        </Fold>
      )}
      {Object.keys(environment).length > 0 && (
        <Fold title={trans.__('Environment')} note={pythonOf(details)}>
          {() => <Surroundings details={details} trans={trans} />}
        </Fold>
      )}
    </div>
  );
}

function pythonOf(details: IRunDetails): string {
  const python = details.environment.python;
  return typeof python === 'object' && python !== null && 'version' in python
    ? `Python ${words(python.version)}`
    : '';
}
