/**
 * What is seen of one version: only the part in front is read.
 */
import type {
  ICard,
  IHistory,
  ILineage,
  IModelEvent,
  IVersionDetails
} from '../api/registry';

/** What is shown of a version. */
export type VersionPart = 'overview' | 'lineage' | 'cells' | 'card' | 'history';

/** Reads from the model's route and what follows it. */
export type ReadModel = <T>(tail: string) => Promise<T>;

/** Knows the parts of the version that is looked at. */
export class VersionParts {
  constructor(private readonly _read: ReadModel) {}

  details: IVersionDetails | null = null;
  card: ICard | null = null;
  lineage: ILineage | null = null;
  history: IModelEvent[] | null = null;

  /** Another version is looked at, or none. */
  clear(): void {
    this._turn += 1;
    this.details = null;
    this.card = null;
    this.lineage = null;
  }

  /** Read a version and one part of it; false when it was overtaken. */
  async refresh(version: number, part: VersionPart): Promise<boolean> {
    const turn = ++this._turn;
    const [details, put] = await Promise.all([
      this._read<IVersionDetails>(`/${version}`),
      this._readPart(version, part)
    ]);
    if (turn !== this._turn) {
      return false;
    }
    this.details = details;
    put();
    return true;
  }

  private async _readPart(
    version: number,
    part: VersionPart
  ): Promise<() => void> {
    if (part === 'card') {
      const card = await this._read<ICard>(`/${version}/card`);
      return () => (this.card = card);
    }
    if (part === 'lineage') {
      const lineage = await this._read<ILineage>(`/${version}/lineage`);
      return () => (this.lineage = lineage);
    }
    if (part === 'history') {
      const { events } = await this._read<IHistory>('/history');
      return () => (this.history = events);
    }
    return () => undefined;
  }

  private _turn = 0;
}
