/**
 * Parameters as a form has them, and what of it was changed.
 */
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { RJSFSchema, UiSchema } from '@rjsf/utils';

import type { IParameter } from '../api/batchwire';
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
export function schemaOf(parameters: readonly IParameter[]): RJSFSchema {
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
  parameters: readonly IParameter[]
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
  parameters: readonly IParameter[],
  given: FormData = {}
): FormData {
  const data: FormData = {};
  for (const one of parameters) {
    const value = one.name in given ? given[one.name] : defaultOf(one);
    if (value !== undefined && value !== null) {
      data[one.name] = value;
    }
  }
  return data;
}

/** The values that are not what the notebook has anyway. */
export function changedOf(
  parameters: readonly IParameter[],
  data: FormData
): { [name: string]: JsonValue } {
  const found: { [name: string]: JsonValue } = {};
  for (const one of parameters) {
    const value = data[one.name];
    const before = defaultOf(one);
    if (
      value !== undefined &&
      JSON.stringify(value) !== JSON.stringify(before)
    ) {
      found[one.name] = value;
    }
  }
  return found;
}

function defaultOf(one: IParameter): JsonValue | undefined {
  if (one.is_secret || one.is_required) {
    return undefined;
  }
  // Of a list what stands in the notebook is the plainest.
  const isTyped = one.kind in TYPES;
  return isTyped && one.default !== null
    ? one.default
    : one.default_source || undefined;
}

function fieldOf(one: IParameter): RJSFSchema {
  const field: RJSFSchema = { title: one.name, description: one.help };
  if (one.choices.length > 0) {
    return { ...field, enum: one.choices };
  }
  const isShown = one.default !== null || one.is_required || one.kind === 'str';
  return { ...field, type: (isShown && TYPES[one.kind]) || 'string' };
}
