/**
 * What a form says of a sweep: which parameters have several values, and how points
 * are chosen among them.
 */
import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONObject } from '@lumino/coreutils';

import type { INewJob } from '../api/batchwire';
import type { IChangeable } from '../api/rundetails';

/** How points are chosen. */
export type Method = 'grid' | 'random' | 'search';

/** What the form holds. */
export interface ISweepData {
  /** Texts by parameter: a value, values, or a range. */
  values: { [name: string]: string | undefined };
  method: Method;
  /** How many points are drawn. */
  count?: number;
  metric?: string;
  goal?: '' | 'max' | 'min';
  /** Points at once. */
  jobs?: number;
  /** A cluster's address; without one they run here. */
  on?: string;
}

/** What the form begins with. */
export const START: ISweepData = {
  values: {},
  method: 'grid',
  count: 20,
  goal: '',
  jobs: 1
};

const NUMBER = String.raw`[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?`;
const RANGE = new RegExp(
  String.raw`^((log|int|intlog|float):)?\s*${NUMBER}\s*\.\.\s*${NUMBER}\s*(:\s*\d+)?$`,
  'i'
);
const OPENING = '[{(';
const CLOSING = ')}]';

/** Whether a text stands for several values: it has a comma outside of brackets. */
export function isSwept(text: string): boolean {
  if (RANGE.test(text.trim())) {
    return true;
  }
  let depth = 0;
  let quote = '';
  for (const letter of text) {
    if (quote !== '') {
      quote = letter === quote ? '' : quote;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
    } else if (OPENING.includes(letter)) {
      depth += 1;
    } else if (CLOSING.includes(letter)) {
      depth -= 1;
    } else if (letter === ',' && depth <= 0) {
      return true;
    }
  }
  return false;
}

/** Write down what the form says as the wish for a job. */
export function wishOf(
  path: string,
  data: ISweepData
): Required<Pick<INewJob, 'kind' | 'path' | 'parameters' | 'options'>> {
  const swept: { [name: string]: string } = {};
  const parameters: { [name: string]: string } = {};
  for (const [name, text = ''] of Object.entries(data.values)) {
    if (text.trim() !== '') {
      (isSwept(text) ? swept : parameters)[name] = text.trim();
    }
  }
  const { count, goal, jobs, method } = data;
  const metric = data.metric?.trim();
  const on = data.on?.trim();
  return {
    kind: 'sweep',
    path,
    parameters,
    options: {
      ...(method === 'grid'
        ? { grid: swept }
        : { over: swept, [method]: count ?? 1 }),
      ...(metric ? { metric } : {}),
      ...(goal ? { goal } : {}),
      ...(jobs !== undefined && jobs > 1 ? { jobs } : {}),
      ...(on ? { on } : {})
    }
  };
}

/** Describe the form; how many points are drawn is asked where some are. */
export function sweepSchema(
  parameters: readonly IChangeable[],
  metrics: readonly string[],
  method: Method,
  trans: TranslationBundle
): RJSFSchema {
  const draws: RJSFSchema = {
    title: trans.__('Number of points'),
    type: 'integer',
    minimum: 1
  };
  return {
    type: 'object',
    properties: {
      values: {
        type: 'object',
        title: trans.__('Parameters'),
        description: trans.__(
          'Several values, as in 0.1, 1, 10, or a range, as in 1..50 or log:0.01..10, are swept over. One value holds for all points; none, and the notebook’s own does.'
        ),
        properties: Object.fromEntries(
          parameters.map(one => [one.name, valueField(one, trans)])
        )
      },
      method: {
        title: trans.__('Points'),
        type: 'string',
        oneOf: [
          { const: 'grid', title: trans.__('Grid: all combinations') },
          { const: 'random', title: trans.__('Random: drawn by lot') },
          { const: 'search', title: trans.__('Search: towards the best') }
        ]
      },
      ...(method === 'grid' ? {} : { count: draws }),
      metric: {
        title: trans.__('Metric'),
        description: trans.__('What tells the best point'),
        type: 'string',
        examples: [...metrics]
      },
      goal: {
        title: trans.__('Better is'),
        type: 'string',
        oneOf: [
          { const: '', title: trans.__('as its name says') },
          { const: 'max', title: trans.__('more') },
          { const: 'min', title: trans.__('less') }
        ]
      },
      jobs: {
        title: trans.__('Points at once'),
        description: trans.__('On a cluster 1 stands for all of its threads'),
        type: 'integer',
        minimum: 1
      },
      on: {
        title: trans.__('Cluster'),
        description: trans.__(
          'Where a dask scheduler listens; empty, and points run here'
        ),
        type: 'string'
      }
    },
    required: method === 'search' ? ['metric'] : []
  };
}

/** How fields look: what stands in the notebook is shown where nothing is typed. */
export function sweepLooks(
  parameters: readonly IChangeable[]
): UiSchema<ReadonlyJSONObject> {
  const looks: UiSchema<ReadonlyJSONObject> = {};
  for (const one of parameters) {
    looks[one.name] = one.is_secret
      ? { 'ui:widget': 'password' }
      : { 'ui:placeholder': one.default_source };
  }
  return { values: looks, on: { 'ui:placeholder': 'dask://HOST:8786' } };
}

function valueField(one: IChangeable, trans: TranslationBundle): RJSFSchema {
  const choices = one.choices.map(String).join(', ');
  const help = choices
    ? trans.__('%1 One of %2', one.help, choices).trim()
    : one.help;
  return { title: one.name, description: help, type: 'string' };
}
