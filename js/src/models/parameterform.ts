/**
 * Parameters as a form has them, and what of it was changed.
 */
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { RJSFSchema, UiSchema } from '@rjsf/utils';

import type { IChangeable } from '../api/rundetails';
import type { JsonValue } from '../api/wire';

const TYPES: { [kind: string]: RJSFSchema['type'] } = {
  int: 'integer',
  float: 'number',
  bool: 'boolean',
  str: 'string'
};

/** What the form holds. */
export type FormData = { [name: string]: JsonValue | undefined };

/** Describe parameters to the form; what has no simple type is typed as text. */
export function schemaOf(parameters: readonly IChangeable[]): RJSFSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      parameters.map(one => [one.name, fieldOf(one)])
    ),
    required: parameters.filter(one => one.is_required).map(one => one.name)
  };
}

/** How fields look: secrets are not shown while they are typed. */
export function looksOf(
  parameters: readonly IChangeable[]
): UiSchema<ReadonlyJSONObject> {
  const looks: UiSchema<ReadonlyJSONObject> = {};
  for (const one of parameters) {
    if (one.is_secret) {
      looks[one.name] = { 'ui:widget': 'password' };
    }
  }
  return looks;
}

/** What the form begins with. */
export function startOf(
  parameters: readonly IChangeable[],
  given: FormData = {}
): FormData {
  const data: FormData = {};
  for (const one of parameters) {
    const value = one.name in given ? shownOf(one, given) : defaultOf(one);
    if (value !== undefined && value !== null) {
      data[one.name] = value;
    }
  }
  return data;
}

/** The values that are not as before: as the notebook has them, unless told. */
export function changedOf(
  parameters: readonly IChangeable[],
  data: FormData,
  before: FormData = startOf(parameters)
): { [name: string]: JsonValue } {
  const found: { [name: string]: JsonValue } = {};
  for (const one of parameters) {
    const value = data[one.name];
    if (
      value !== undefined &&
      JSON.stringify(value) !== JSON.stringify(before[one.name])
    ) {
      found[one.name] = value;
    }
  }
  return found;
}

function shownOf(one: IChangeable, given: FormData): JsonValue | undefined {
  const value = given[one.name];
  if (one.is_secret || value === undefined || value === null) {
    return undefined;
  }
  const isText = !(one.kind in TYPES) && typeof value !== 'string';
  return isText ? JSON.stringify(value) : value;
}

function defaultOf(one: IChangeable): JsonValue | undefined {
  if (one.is_secret || one.is_required) {
    return undefined;
  }
  // Of a list what stands in the notebook is the plainest.
  const isTyped = one.kind in TYPES;
  return isTyped && one.default !== null
    ? one.default
    : one.default_source || undefined;
}

function fieldOf(one: IChangeable): RJSFSchema {
  const field: RJSFSchema = { title: one.name, description: one.help };
  if (one.choices.length > 0) {
    return { ...field, enum: one.choices };
  }
  const isShown = one.default !== null || one.is_required || one.kind === 'str';
  return { ...field, type: (isShown && TYPES[one.kind]) || 'string' };
}
