/**
 * What is asked of the runs: words, a filter, an experiment; and how many fit.
 */
import * as React from 'react';
import { Button, HTMLSelect, listIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IExperiment } from '../api/wire';
import type { CompletionModel } from '../models/completion';
import type { RunsModel } from '../models/runs';
import { FilterField } from './FilterField';
import { SearchField } from './SearchField';

export interface IQuestionBarProps {
  runs: RunsModel;
  completion: CompletionModel;
  experiments: readonly IExperiment[];
  onColumns: (anchor: DOMRect) => void;
  trans: TranslationBundle;
}

export function QuestionBar(props: IQuestionBarProps): React.JSX.Element {
  const { runs, trans } = props;
  const { question } = runs;
  return (
    <div className="jp-Mlops-question" role="search">
      <SearchField
        value={question.text}
        onChange={text => void runs.ask({ text })}
        trans={trans}
      />
      <FilterField
        value={question.filter}
        refusal={runs.refusal}
        completion={props.completion}
        onChange={filter => void runs.ask({ filter })}
        trans={trans}
      />
      <div className="jp-Mlops-count">
        <HTMLSelect
          aria-label={trans.__('Experiment')}
          value={question.experiment}
          onChange={event => void runs.ask({ experiment: event.target.value })}
        >
          <option value="">{trans.__('All experiments')}</option>
          {props.experiments.map(one => (
            <option key={one.name} value={one.name}>
              {one.name}
            </option>
          ))}
        </HTMLSelect>
        <span role="status">{runs.hasAnswer && counted(runs, trans)}</span>
        <Button
          minimal
          small
          title={trans.__('Columns and groups')}
          aria-label={trans.__('Columns and groups')}
          aria-haspopup="menu"
          onClick={event =>
            props.onColumns(event.currentTarget.getBoundingClientRect())
          }
        >
          <listIcon.react tag="span" />
        </Button>
      </div>
    </div>
  );
}

function counted(runs: RunsModel, trans: TranslationBundle): string {
  const count = runs.total.toLocaleString();
  if (runs.isCapped) {
    return trans.__('the latest %1 runs', count);
  }
  return runs.total === 1 ? trans.__('1 run') : trans.__('%1 runs', count);
}
