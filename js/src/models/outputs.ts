/**
 * Recorded outputs made whole again: long values are fetched by digest.
 */
import type { IOutput } from '@jupyterlab/nbformat';

import type { IBlobRef } from '../api/rundetails';

/** A value that is longer is shown when it is asked for. */
export const MOST_BYTES = 4_000_000;

/** Fetches the bytes of a blob. */
export type Fetch = (digest: string) => Promise<Uint8Array>;

const PIECE = 0x8000;

function isBlobRef(value: unknown): value is IBlobRef {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as IBlobRef).blob === 'string'
  );
}

/** The values of an output, by their MIME types; a stream's text under its name. */
function valuesOf(output: IOutput): { [key: string]: unknown } {
  return output.output_type === 'stream'
    ? { text: output.text }
    : ((output.data ?? {}) as { [key: string]: unknown });
}

/** How many bytes there are to be fetched. */
export function bytesAway(outputs: readonly IOutput[]): number {
  return outputs
    .flatMap(output => Object.values(valuesOf(output)))
    .filter(isBlobRef)
    .reduce((sum, value) => sum + value.size, 0);
}

/** Put the bytes in their places; nbformat's own values come out. */
export async function wholeOutputs(
  outputs: readonly IOutput[],
  fetch: Fetch
): Promise<IOutput[]> {
  return await Promise.all(outputs.map(output => whole(output, fetch)));
}

async function whole(output: IOutput, fetch: Fetch): Promise<IOutput> {
  const found: { [key: string]: unknown } = {};
  for (const [key, value] of Object.entries(valuesOf(output))) {
    found[key] = isBlobRef(value)
      ? decoded(await fetch(value.blob), value.encoding)
      : value;
  }
  if (output.output_type === 'stream') {
    return { ...output, text: found.text } as IOutput;
  }
  if (output.data === undefined) {
    return output;
  }
  // An output that asks for a frame of its own would get out of ours.
  return { ...output, data: found, metadata: {} } as IOutput;
}

function decoded(bytes: Uint8Array, encoding: string | undefined): unknown {
  if (encoding === 'base64') {
    let text = '';
    for (let at = 0; at < bytes.length; at += PIECE) {
      text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
    }
    return btoa(text);
  }
  const text = new TextDecoder().decode(bytes);
  return encoding === 'json' ? (JSON.parse(text) as unknown) : text;
}
