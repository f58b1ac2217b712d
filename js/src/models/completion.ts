/**
 * Offers what may come next in a filter: names, comparisons, values, joints.
 */
import { VDomModel } from '@jupyterlab/ui-components';

import type { Client } from '../api/client';
import type { INames, IValues } from '../api/wire';
import type { IWriting } from './filterwords';
import { writingAt } from './filterwords';
import { toField } from './question';

/** What is known of the names that filters may use. */
export type KnownNames = Pick<INames, 'params' | 'metrics' | 'tags'>;

export const ATTRIBUTES = [
  'name',
  'experiment',
  'status',
  'kind',
  'started',
  'seconds',
  'notebook',
  'parent'
];
const NUMBERS = ['seconds'];
const TIMES = ['started', 'ended'];
const FIXED: { [field: string]: string[] } = {
  status: ['finished', 'running', 'failed', 'cancelled', 'lost'],
  kind: ['cell', 'notebook', 'step', 'script', 'parent']
};
const COMPARISONS = ['>', '>=', '<', '<=', '=', '!='];
const MATCHES = ['=', '!=', 'like', 'ilike', 'in ('];
const MOST = 40;

/** What may be put in place of what is written. */
export interface IOffers {
  /** From where to where in the text an offer goes. */
  from: number;
  to: number;
  offers: readonly string[];
}

const NOTHING: IOffers = { from: 0, to: 0, offers: [] };

/** Knows what to offer where the caret stands. */
export class CompletionModel extends VDomModel {
  constructor(
    private readonly _client: Client,
    private readonly _workspace: () => string | null,
    private readonly _names: () => KnownNames
  ) {
    super();
  }

  get offers(): IOffers {
    return this._offers;
  }

  /** Nothing is wanted any more. */
  close(): void {
    this._asked += 1;
    this._set(NOTHING);
  }

  /** Look for what may stand at the caret; values are asked for. */
  async look(text: string, caret: number): Promise<void> {
    const asked = ++this._asked;
    const writing = writingAt(text, caret);
    const values =
      writing.expected === 'value' ? await this._values(writing.field) : [];
    if (asked === this._asked) {
      const fitting = choose(writing, this._names(), values);
      this._set({ from: writing.from, to: caret, offers: fitting });
    }
  }

  private async _values(field: string): Promise<readonly string[]> {
    const name = field.replace(/^attributes?\./, '');
    const workspace = this._workspace();
    if (FIXED[name]) {
      return FIXED[name];
    }
    if (/^metrics?\./.test(name) || workspace === null) {
      return [];
    }
    try {
      const query = { workspace, field };
      return (await this._client.get<IValues>('values', query)).values;
    } catch {
      // Without help one can still write; the filter says what is wrong.
      return [];
    }
  }

  private _set(offers: IOffers): void {
    this._offers = offers;
    this.stateChanged.emit();
  }

  private _asked = 0;
  private _offers = NOTHING;
}

/** Choose what fits what is written. */
export function choose(
  writing: IWriting,
  names: KnownNames,
  values: readonly string[]
): string[] {
  if (writing.expected === 'operator' && COMPARISONS.includes(writing.word)) {
    return [];
  }
  const offers = candidates(writing, names, values);
  const word = writing.word.toLowerCase();
  const starting = offers.filter(one => bare(one).startsWith(bare(word)));
  const holding = offers.filter(
    one => !starting.includes(one) && bare(one).includes(bare(word))
  );
  const found = [...starting, ...holding];
  // What is written whole needs no help.
  return found.length === 1 && found[0]?.toLowerCase() === word
    ? []
    : found.slice(0, MOST);
}

function candidates(
  writing: IWriting,
  names: KnownNames,
  values: readonly string[]
): string[] {
  switch (writing.expected) {
    case 'field':
      return [
        ...names.metrics.map(key => written('metrics', key)),
        ...names.params.map(key => written('params', key)),
        ...names.tags.map(key => written('tags', key)),
        ...ATTRIBUTES
      ];
    case 'operator':
      return [...operators(writing.field), 'is null', 'is not null'];
    case 'value':
      return values.map(value => `'${value.replace(/'/g, "''")}'`);
    case 'null':
      return ['null', 'not null'];
    case 'joint':
      return writing.isListed ? [] : ['and', 'or'];
  }
}

function operators(field: string): string[] {
  const [noun = ''] = field.split('.', 1);
  if (/^metrics?$/.test(noun) || [...NUMBERS, ...TIMES].includes(field)) {
    return COMPARISONS;
  }
  return /^params?$/.test(noun)
    ? [...COMPARISONS, ...MATCHES.slice(2)]
    : MATCHES;
}

/** A key as it is written: in backquotes only where it must be. */
function written(noun: string, key: string): string {
  return /^[\w/-]+(\.[\w/-]+)*$/.test(key)
    ? `${noun}.${key}`
    : toField(`${noun}.${key}`);
}

/** Without quotes and case. */
function bare(text: string): string {
  return text.replace(/[`'"]/g, '').toLowerCase();
}

/** Put an offer into the text; says where the caret then stands. */
export function accept(
  text: string,
  offers: IOffers,
  offer: string
): [string, number] {
  const space = offer.endsWith('(') ? '' : ' ';
  const rest = text.slice(offers.to).replace(/^ /, '');
  const before = text.slice(0, offers.from) + offer + space;
  return [before + rest, before.length];
}
