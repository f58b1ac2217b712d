/**
 * What scales are called.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Scale } from '../../models/axes';

export function scaleTitle(scale: Scale, trans: TranslationBundle): string {
  return {
    linear: trans.__('linear'),
    log: trans.__('log'),
    words: trans.__('values')
  }[scale];
}
