/**
 * The payloads that Python's tests write: what the server really sends.
 */
import { readFileSync, readdirSync } from 'fs';
import { join } from 'path';

const FOLDER = join(__dirname, '..', '..', 'tests', 'wire');

export function payload<T>(name: string): T {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf-8')) as T;
}

export function payloadNames(): string[] {
  return readdirSync(FOLDER).map(file => file.replace('.json', ''));
}
