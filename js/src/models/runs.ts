/**
 * The runs that the table shows: asked for a page at a time, kept up to date.
 */
import { VDomModel } from '@jupyterlab/ui-components';

import type { Client } from '../api/client';
import { RequestRefused, ServerUnreachable } from '../api/failures';
import type { IGroup, IHit, IRun, IRunPage } from '../api/wire';
import { PAGE, Pages } from './pages';
import { EVERYTHING, everythingAs, toQuery } from './question';
import type { IQuestion } from './question';

/** Why a question has no answer. */
export interface IRefusal {
  sentence: string;
  /** Which error of the server's it was. */
  kind: string;
  /** Where in the filter, from 0; -1: nowhere. */
  position: number;
}

/** Holds the answer to one question about one workspace. */
export class RunsModel extends VDomModel {
  constructor(private readonly _client: Client) {
    super();
  }

  /** Whether anybody looks: nothing is asked for nobody. */
  get isShown(): boolean {
    return this._isShown;
  }

  set isShown(value: boolean) {
    this._isShown = value;
    if (value && this._isWaiting) {
      this._isWaiting = false;
      void (this._hasAnswer ? this.refresh() : this._askAnew());
    }
  }

  get question(): IQuestion {
    return this._question;
  }

  get total(): number {
    return this._pages.total;
  }

  /** What the answer consists of; empty: it is not grouped. */
  get groups(): readonly IGroup[] {
    return this._pages.groups;
  }

  get isCapped(): boolean {
    return this._pages.isCapped;
  }

  /** Whether anything was answered yet. */
  get hasAnswer(): boolean {
    return this._hasAnswer;
  }

  /** Wait until anything was answered. */
  answered(): Promise<void> {
    return new Promise(resolve => {
      const look = (): void => {
        if (this._hasAnswer) {
          this.stateChanged.disconnect(look);
          resolve();
        }
      };
      this.stateChanged.connect(look);
      look();
    });
  }

  /** Grows with every new answer to a new question. */
  get generation(): number {
    return this._generation;
  }

  get refusal(): IRefusal | null {
    return this._refusal;
  }

  /** The server did not answer the last time. */
  get isUnreachable(): boolean {
    return this._isUnreachable;
  }

  row(place: number): IRun | undefined {
    return this._pages.row(place);
  }

  rows(): IterableIterator<IRun> {
    return this._pages.rows();
  }

  find(runId: string): number {
    return this._pages.find(runId);
  }

  hit(runId: string): IHit | undefined {
    return this._pages.hit(runId);
  }

  /** Show another workspace; null: none. */
  async show(workspace: string | null): Promise<void> {
    if (workspace === this._workspace) {
      return;
    }
    this._workspace = workspace;
    this._question = everythingAs(this._question);
    this._pages = new Pages();
    this._hasAnswer = false;
    this._refusal = null;
    this._seen = [0];
    this.stateChanged.emit();
    await this._askAnew();
  }

  /** Ask something else; what is not named stays. */
  async ask(change: Partial<IQuestion>): Promise<void> {
    this._question = { ...this._question, ...change };
    await this._askAnew();
  }

  /** Rows at these places are seen: fetch what is missing of them. */
  async need(places: readonly number[]): Promise<void> {
    this._seen = Pages.holding(places);
    await this._fetchMissing(this._seen);
  }

  /** The runs from one place to another, fetched where they are not here yet. */
  async between(first: number, last: number): Promise<IRun[]> {
    await this._fetchMissing(Pages.covering(first, last));
    const found: IRun[] = [];
    for (let place = first; place <= last; place++) {
      const run = this.row(place);
      if (run) {
        found.push(run);
      }
    }
    return found;
  }

  /** Something changed: fetch again what is seen, and leave it there meanwhile. */
  async refresh(): Promise<void> {
    if (this._workspace === null || this._waits()) {
      return;
    }
    // What is seen may be heads of closed groups alone; they come with any page.
    const seen = this._seen.length ? [...this._seen] : [0];
    const fresh = await this._fetchAll(seen, this._asked);
    if (fresh) {
      this._pages.keepOnly(seen);
      this.stateChanged.emit();
    }
  }

  private async _askAnew(): Promise<void> {
    if (this._workspace === null || this._waits()) {
      return;
    }
    const asked = ++this._asked;
    this._fetching.clear();
    this._abort.abort();
    this._abort = new AbortController();
    const before = this._pages;
    const fresh = await this._fetchAll([0], asked, new Pages());
    if (fresh) {
      this._seen = [0];
      this._generation += 1;
      this.stateChanged.emit();
    } else if (asked === this._asked) {
      this._pages = before;
    }
  }

  private async _fetchMissing(pages: readonly number[]): Promise<void> {
    const missing = pages.filter(
      number => !this._pages.has(number) && !this._fetching.has(number)
    );
    await Promise.all(missing.map(number => this._fetch(number)));
  }

  /** Whether to ask later, when somebody looks. */
  private _waits(): boolean {
    this._isWaiting ||= !this._isShown;
    return !this._isShown;
  }

  private async _fetch(number: number): Promise<void> {
    this._fetching.add(number);
    try {
      await this._fetchAll([number], this._asked);
    } finally {
      this._fetching.delete(number);
    }
  }

  /** Fetch pages; false when they failed, or something else was asked meanwhile. */
  private async _fetchAll(
    numbers: number[],
    asked: number,
    pages = this._pages
  ): Promise<boolean> {
    try {
      const found = await Promise.all(numbers.map(n => this._page(n)));
      if (asked !== this._asked) {
        return false;
      }
      found.forEach((page, at) => pages.put(numbers[at] as number, page));
      this._pages = pages;
      this._hasAnswer = true;
      this._refusal = null;
      this._isUnreachable = false;
      this.stateChanged.emit();
      return true;
    } catch (error) {
      if (asked === this._asked) {
        this._fail(error);
      }
      return false;
    }
  }

  private _page(number: number): Promise<IRunPage> {
    const query = {
      workspace: this._workspace ?? '',
      ...toQuery(this._question),
      offset: number * PAGE,
      limit: PAGE
    };
    return this._client.get<IRunPage>('runs', query, this._abort.signal);
  }

  private _fail(error: unknown): void {
    this._isUnreachable = error instanceof ServerUnreachable;
    if (!this._isUnreachable) {
      this._refusal = toRefusal(error);
    }
    this.stateChanged.emit();
  }

  private _abort = new AbortController();
  private _asked = 0;
  private _fetching = new Set<number>();
  private _generation = 0;
  private _hasAnswer = false;
  private _isShown = true;
  private _isUnreachable = false;
  private _isWaiting = false;
  private _pages = new Pages();
  private _question: IQuestion = EVERYTHING;
  private _refusal: IRefusal | null = null;
  private _seen: readonly number[] = [0];
  private _workspace: string | null = null;
}

/** Turn what a request failed with into what can be shown beside the question. */
function toRefusal(error: unknown): IRefusal {
  if (!(error instanceof RequestRefused)) {
    return { sentence: String(error), kind: 'Error', position: -1 };
  }
  const { reason, position } = error.body.details;
  return {
    sentence: typeof reason === 'string' ? reason : error.message,
    kind: error.kind,
    position: typeof position === 'number' ? position : -1
  };
}
