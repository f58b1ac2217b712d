/**
 * Two versions of a model, picked to be held against one another.
 */
import type { IVersionDetails } from '../api/registry';

/** Reads one version. */
export type ReadVersion = (version: number) => Promise<IVersionDetails>;

/** Knows which versions are picked, and both when there are two. */
export class VersionPair {
  constructor(private readonly _read: ReadVersion) {}

  get picked(): readonly number[] {
    return this._picked;
  }

  /** The older one first; empty until both are read. */
  get found(): readonly IVersionDetails[] {
    return this._found;
  }

  /** Pick a version, or drop it; the first of three goes. */
  pick(version: number): void {
    const rest = this._picked.filter(one => one !== version);
    this._picked =
      rest.length < this._picked.length ? rest : [...rest, version].slice(-2);
    this._found = [];
  }

  clear(): void {
    this._picked = [];
    this._found = [];
  }

  /** Read both; false when another pair was picked meanwhile. */
  async refresh(): Promise<boolean> {
    const picked = this._picked;
    if (picked.length < 2) {
      this._found = [];
      return true;
    }
    const ordered = [...picked].sort((a, b) => a - b);
    const found = await Promise.all(ordered.map(this._read));
    if (picked !== this._picked) {
      return false;
    }
    this._found = found;
    return true;
  }

  private _found: readonly IVersionDetails[] = [];
  private _picked: readonly number[] = [];
}
