/**
 * Work on a version that may take minutes, followed until it has ended.
 */
import type { Client } from '../api/client';
import type { ITrial } from '../api/registry';

/** The server answers when it has ended, or after so many seconds. */
const PATIENCE = 20;

/** Begin work on a version, and return what came of it. */
export async function tried(
  client: Client,
  route: string,
  body: object,
  workspace: string
): Promise<ITrial> {
  const query = { workspace };
  return ended(client, await client.post<ITrial>(route, body, query));
}

/** Wait until work has ended; each question waits at the server. */
export async function ended(client: Client, trial: ITrial): Promise<ITrial> {
  let found = trial;
  while (found.is_running) {
    found = await client.get<ITrial>(`trials/${trial.id}`, { wait: PATIENCE });
  }
  return found;
}
