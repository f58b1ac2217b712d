/**
 * A run done again with other values: what a form shows, and what was changed in it.
 */
import type { RJSFSchema, UiSchema } from '@rjsf/utils';

import type { IChangeable } from '../api/rundetails';
import type { JsonValue } from '../api/wire';

const TYPES: { [kind: string]: RJSFSchema['type'] } = {
  int: 'integer',
  float: 'number',
  bool: 'boolean',
  str: 'string'
};

/** Values by name, as a form holds them. */
export interface IValues {
  [name: string]: JsonValue;
}

/** Describe the values to the form; what has no simple type is typed as text. */
export function formSchema(values: readonly IChangeable[]): RJSFSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      values.map(one => [
        one.name,
        {
          title: one.name,
          description: one.help || undefined,
          ...(one.choices.length > 0
            ? { enum: one.choices }
            : { type: isTyped(one) ? TYPES[one.kind] : 'string' })
        }
      ])
    ),
    required: values.filter(one => one.is_required).map(one => one.name)
  };
}

/** Secrets are not shown while they are typed. */
export function formLooks(values: readonly IChangeable[]): UiSchema {
  return Object.fromEntries(
    values
      .filter(one => one.is_secret)
      .map(one => [one.name, { 'ui:widget': 'password' }])
  );
}

/** What the form begins with: what the run had. */
export function firstValues(
  values: readonly IChangeable[],
  had: IValues
): IValues {
  const found: IValues = {};
  for (const one of values) {
    const value = one.name in had ? had[one.name]! : one.default;
    if (one.is_secret || value === null || value === undefined) {
      continue;
    }
    found[one.name] = isTyped(one) ? value : textOf(one, value);
  }
  return found;
}

/** Only what is not as it was. */
export function changedValues(before: IValues, now: IValues): IValues {
  return Object.fromEntries(
    Object.entries(now).filter(
      ([name, value]) =>
        value !== undefined &&
        JSON.stringify(value) !== JSON.stringify(before[name])
    )
  );
}

function isTyped(one: IChangeable): boolean {
  return one.kind in TYPES;
}

function textOf(one: IChangeable, value: JsonValue): string {
  if (typeof value === 'string') {
    return value;
  }
  return JSON.stringify(value) === JSON.stringify(one.default)
    ? one.default_source
    : JSON.stringify(value);
}
