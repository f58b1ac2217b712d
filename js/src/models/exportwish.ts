/**
 * A version taken away in another system's form: what is asked, and doing it.
 */
import type { Client } from '../api/client';
import type { IVersion } from '../api/registry';
import { tried } from './trial';

/** What to write, and where. */
export interface IExportWish {
  /** A form's name, as `jupyter mlops export --to` has it. */
  to: string;
  /** From the server's root. */
  path: string;
  /** In the place of what an earlier export put there. */
  replace: boolean;
  allow_pickle: boolean;
  allow_code: boolean;
}

/** Where it is written unless the user names another place. */
export function proposedPath(
  version: IVersion,
  to: string,
  workspace: string
): string {
  const { model, version: number } = version;
  const named = `${model}-${number}`;
  const names: { [to: string]: string } = {
    onnx: `${named}.onnx`,
    torchserve: `${model}.mar`,
    // Within these each model, or version, gets a folder of its own.
    tensorflow: `tensorflow/${model}`,
    v2: 'repository'
  };
  const base = workspace === '/' || workspace === '' ? '' : `${workspace}/`;
  return `${base}exports/${names[to] ?? `${named}-${to}`}`;
}

/** Write it; what there is to say when it is done. */
export async function exportVersion(
  client: Client,
  workspace: string,
  version: IVersion,
  wish: IExportWish
): Promise<string> {
  const name = encodeURIComponent(version.model);
  const route = `models/${name}/${version.version}/export`;
  return (await tried(client, route, wish, workspace)).said;
}
