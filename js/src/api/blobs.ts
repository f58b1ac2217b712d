/**
 * Bytes that the server keeps under their digest.
 */
import { ServerConnection } from '@jupyterlab/services';

import type { Client } from './client';
import { ServerUnreachable } from './failures';

/** Fetch a blob's bytes. */
export async function fetchBlob(
  client: Client,
  workspace: string,
  digest: string
): Promise<Uint8Array> {
  const response = await ServerConnection.makeRequest(
    client.address(`blobs/${digest}`, { workspace }),
    {},
    client.settings
  );
  if (!response.ok) {
    throw new ServerUnreachable();
  }
  return new Uint8Array(await response.arrayBuffer());
}
