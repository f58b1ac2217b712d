/**
 * Pictures among recorded values, as addresses that an image element takes.
 */
import type { IOutput } from '@jupyterlab/nbformat';

import type { IPicture } from '../api/compare';

const SVG = 'image/svg+xml';
const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', SVG];
const LETTERS = /^[A-Za-z0-9+/=\s]+$/;

/** The address of an output's picture, null if it shows none. */
export function pictureAddress(output: IOutput | null): string | null {
  const data = output?.data as { [mime: string]: unknown } | undefined;
  for (const mime of TYPES) {
    const value = data?.[mime];
    const text = Array.isArray(value) ? value.join('') : value;
    if (typeof text === 'string' && text) {
      // Within an image element an SVG runs no script and fetches nothing.
      return mime === SVG && !LETTERS.test(text)
        ? `data:${SVG};charset=utf-8,${encodeURIComponent(text)}`
        : dataAddress(mime, text);
    }
  }
  return null;
}

/** The address of a kept picture, null if it was too large to be sent. */
export function keptAddress(picture: IPicture): string | null {
  return picture.data !== null && TYPES.includes(picture.mime)
    ? dataAddress(picture.mime, picture.data)
    : null;
}

/** Whether an output shows more than text. */
export function hasRichValue(output: IOutput | null): boolean {
  const data = output?.data as object | undefined;
  return Object.keys(data ?? {}).some(mime => mime !== 'text/plain');
}

function dataAddress(mime: string, base64: string): string {
  return `data:${mime};base64,${base64.replace(/\s/g, '')}`;
}
