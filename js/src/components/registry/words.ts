/**
 * What is said of versions, in words.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type {
  IGateAnswer,
  IModelEvent,
  ISignature,
  IVersion
} from '../../api/registry';
import { formatNumber } from '../format';

/** The model's class without its module, else its flavor. */
export function kindOf(version: IVersion): string {
  return version.class_name.split('.').pop() || version.flavor;
}

/** The metrics that most versions have, the commonest first. */
export function commonMetrics(
  versions: readonly IVersion[],
  most: number
): string[] {
  const counts = new Map<string, number>();
  for (const version of versions) {
    for (const key of Object.keys(version.metrics)) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([one, a], [two, b]) => b - a || one.localeCompare(two))
    .slice(0, most)
    .map(([key]) => key);
}

/** Say how a metric changed from one version to another. */
export function changeOf(then: number, now: number): string {
  const change = now - then;
  if (!Number.isFinite(change) || change === 0) {
    return '';
  }
  return `${change > 0 ? '+' : '−'}${formatNumber(Math.abs(change))}`;
}

/** Say a signature's columns, or the array's shape, one a line. */
export function signatureLines(
  signature: ISignature | null,
  trans: TranslationBundle
): string[] {
  if (signature === null) {
    return [];
  }
  if (signature.columns.length === 0) {
    const shape = (signature.shape ?? []).map(one => one ?? trans.__('any'));
    return [`${signature.dtype ?? ''} (${shape.join(' × ')})`];
  }
  return signature.columns.map(one => {
    const optional = one.optional ? `, ${trans.__('may be missing')}` : '';
    return `${one.name}: ${one.kind}${optional}`;
  });
}

/** Say who did something, and how we know. */
export function whoWords(
  by: string,
  source: string,
  trans: TranslationBundle
): string {
  const known: { [source: string]: string } = {
    jupyter: trans.__('user of the Jupyter server'),
    jupyterhub: trans.__('user of JupyterHub'),
    git: trans.__('as git says'),
    system: trans.__('as the system says'),
    told: trans.__('as somebody entered')
  };
  return known[source] ? `${by} (${known[source]})` : by;
}

/** Say what happened, in one line. */
export function eventWords(
  event: IModelEvent,
  trans: TranslationBundle
): string {
  const version = String(event.version ?? '');
  const alias = event.alias ?? '';
  switch (event.kind) {
    case 'registered':
      return trans.__('version %1 registered', version);
    case 'alias_set':
      return aliasWords(event, alias, version, trans);
    case 'refused':
      return trans.__('%1 not moved to version %2', alias, version);
    case 'alias_removed':
      return trans.__('%1 taken away from version %2', alias, version);
    case 'gated':
      return gatedWords(event.gates, version, trans);
    case 'verified':
      return trans.__('version %1 made again: %2', version, event.about);
    case 'approved':
      return alias
        ? trans.__('version %1 approved as %2', version, alias)
        : trans.__('version %1 approved', version);
    case 'withdrawn':
      return trans.__('approval of version %1 taken back', version);
    case 'archived':
      return trans.__('version %1 archived', version);
    case 'restored':
      return trans.__('version %1 in use again', version);
    case 'downloaded':
      return trans.__('version %1 taken elsewhere: %2', version, event.about);
    case 'card':
      return trans.__('card of version %1: %2', version, event.about);
    case 'noted':
      return event.note
        ? trans.__('note of version %1 changed', version)
        : trans.__('note of version %1 taken off', version);
    case 'healed':
      return trans.__('a line torn by a crash stands before this one');
    default:
      return event.kind;
  }
}

function aliasWords(
  event: IModelEvent,
  alias: string,
  version: string,
  trans: TranslationBundle
): string {
  const moved = event.forced
    ? trans.__('%1 forced to version %2', alias, version)
    : trans.__('%1 moved to version %2', alias, version);
  const isFirst = event.was === null || event.was === event.version;
  return isFirst ? moved : `${moved}, ${trans.__('was %1', event.was)}`;
}

function gatedWords(
  gates: readonly IGateAnswer[],
  version: string,
  trans: TranslationBundle
): string {
  const failed = gates.filter(one => !one.passed).length;
  return failed === 0
    ? trans.__('gates tried for version %1: all passed', version)
    : trans.__(
        'gates tried for version %1: %2 of %3 failed',
        version,
        failed,
        gates.length
      );
}
