/**
 * One registered model: its versions, the one that is looked at, what is done to it.
 */
import { VDomModel } from '@jupyterlab/ui-components';
import { Throttler } from '@lumino/polling';

import { Changes } from '../api/changes';
import type { Client } from '../api/client';
import { RequestRefused } from '../api/failures';
import type { IVersion, IVersions } from '../api/registry';
import { PromotionModel } from './promotion';
import { ended, tried } from './trial';
import { VersionPair } from './versionpair';
import { VersionParts } from './versionparts';
import type { VersionPart } from './versionparts';

/** Between two looks at what changed, in ms. */
const REST = 300;

/** Why there is nothing to show. */
export interface IVersionsProblem {
  sentence: string;
  /** Its history was changed after it was written: nothing may be done to it. */
  isBroken: boolean;
}

/** Knows a model while its tab is seen. */
export class VersionsModel extends VDomModel {
  constructor(
    readonly client: Client,
    readonly workspace: string,
    readonly name: string,
    private _chosen: number | null = null
  ) {
    super();
    this._refresh = new Throttler(() => this.refresh(), {
      limit: REST,
      edge: 'trailing'
    });
  }

  override dispose(): void {
    this.isVisible = false;
    this._refresh.dispose();
    super.dispose();
  }

  /** What is seen of the version that is looked at. */
  readonly parts = new VersionParts(tail => this._get(tail));

  /** The versions that are held against one another. */
  readonly pair = new VersionPair(one => this._get(`/${one}`));

  /** Seen: look, and listen. Hidden: hang up. */
  set isVisible(value: boolean) {
    if (!value) {
      this._changes?.dispose();
      this._changes = null;
    } else if (this._changes === null) {
      this._changes = new Changes(this.client, this.workspace);
      this._changes.said.connect((_, message) => {
        // Once it is open it says that everything changed.
        if (message.type === 'changed' && message.topics.includes('models')) {
          void this._refresh.invoke();
        }
      });
      void this.refresh();
    }
  }

  /** All that is known of the model; null before the first answer. */
  get found(): IVersions | null {
    return this._found;
  }

  get problem(): IVersionsProblem | null {
    return this._problem;
  }

  /** The versions, latest first. */
  get versions(): IVersion[] {
    return [...(this._found?.versions ?? [])].reverse();
  }

  /** The version that is looked at: the chosen one, else champion's, else the last. */
  get current(): IVersion | null {
    const all = this._found?.versions ?? [];
    const wanted = this._chosen ?? this._found?.aliases['champion'];
    return (
      all.find(one => one.version === wanted) ?? all[all.length - 1] ?? null
    );
  }

  get part(): VersionPart {
    return this._part;
  }

  get promotion(): PromotionModel | null {
    return this._promotion;
  }

  /** What an action said, or why it was refused. */
  get notice(): { sentence: string; isError: boolean } | null {
    return this._notice;
  }

  /** What is being done to the version, in a word of ours. */
  get isVerifying(): boolean {
    return this._verifying.has(this.current?.version ?? 0);
  }

  async choose(version: number): Promise<void> {
    if (version === this.current?.version) {
      return;
    }
    this._chosen = version;
    this._forget();
    this.stateChanged.emit();
    await this._look();
  }

  async show(part: VersionPart): Promise<void> {
    this._part = part;
    this.stateChanged.emit();
    await this._look();
  }

  /** Pick a version to be compared, or drop it. */
  async pick(version: number): Promise<void> {
    this.pair.pick(version);
    this.stateChanged.emit();
    await this._compare();
  }

  /** Ask anew for the model, and for what is seen of the version. */
  async refresh(): Promise<void> {
    const question = ++this._question;
    try {
      const found = await this._get<IVersions>('');
      if (question !== this._question) {
        return;
      }
      this._found = found;
      this._problem = null;
    } catch (error) {
      if (question !== this._question) {
        return;
      }
      this._fail(error as Error);
    }
    if (this.isDisposed) {
      return;
    }
    this.stateChanged.emit();
    if (this._problem === null) {
      await Promise.all([this._look(), this._compare()]);
    }
  }

  /** Begin a promotion of the version that is looked at. */
  beginPromotion(): void {
    const { current } = this;
    if (current === null) {
      return;
    }
    this.endPromotion();
    this._notice = null;
    this._promotion = new PromotionModel(
      this.client,
      this.workspace,
      current,
      () => this._found
    );
    this.stateChanged.emit();
    void this._promotion.ask();
  }

  endPromotion(): void {
    this._promotion?.dispose();
    this._promotion = null;
    this.stateChanged.emit();
  }

  /** Approve of the version, or take that back. */
  approve(alias: string, reason: string, withdraw: boolean): Promise<boolean> {
    const body = { alias: alias || null, reason: reason || null, withdraw };
    return this._do('approval', body);
  }

  /** Lay the version aside, or bring it back. */
  archive(reason: string, undo: boolean): Promise<boolean> {
    return this._do('archive', { reason: reason || null, undo });
  }

  /** Fill in fields of the version's card. */
  fillCard(fields: { [name: string]: string }): Promise<boolean> {
    return this._do('card', { fields });
  }

  /** Take an alias away from whichever version it points to. */
  removeAlias(alias: string): Promise<boolean> {
    const words = [this.name, 'aliases', alias].map(encodeURIComponent);
    return this._post(`models/${words.join('/')}/removal`, {});
  }

  /** Make the version again; the verdict stands in its history then. */
  async verify(): Promise<void> {
    const version = this.current?.version;
    if (version === undefined || this._verifying.has(version)) {
      return;
    }
    await this._followVerification(version, () =>
      tried(this.client, this._route('verification'), {}, this.workspace)
    );
  }

  say(sentence: string, isError = false): void {
    this._notice = { sentence, isError };
    this.stateChanged.emit();
  }

  private async _followVerification(
    version: number,
    ends: () => Promise<{ said: string }>
  ): Promise<void> {
    this._verifying.add(version);
    this._notice = null;
    this.stateChanged.emit();
    let told: [string, boolean];
    try {
      told = [(await ends()).said, false];
    } catch (error) {
      told = [(error as Error).message, true];
    }
    this._verifying.delete(version);
    if (!this.isDisposed) {
      this.say(...told);
      await this.refresh();
    }
  }

  private _do(verb: string, body: object): Promise<boolean> {
    return this._post(this._route(verb), body);
  }

  private async _post(route: string, body: object): Promise<boolean> {
    try {
      await this.client.post(route, body, { workspace: this.workspace });
      this._notice = null;
    } catch (error) {
      this.say((error as Error).message, true);
      return false;
    }
    await this.refresh();
    return true;
  }

  /** Ask for what is seen of the version, and only for that. */
  private async _look(): Promise<void> {
    const version = this.current?.version;
    if (version === undefined) {
      return;
    }
    try {
      const isNew = await this.parts.refresh(version, this._part);
      if (!isNew || this.isDisposed) {
        return;
      }
      this._resume();
    } catch (error) {
      this.say((error as Error).message, true);
    }
    this.stateChanged.emit();
  }

  /** A verification that was begun elsewhere, or before a reload, goes on. */
  private _resume(): void {
    const { details } = this.parts;
    if (details === null) {
      return;
    }
    const { version } = details.version;
    const trial = details.trials.find(one => one.verb === 'verification');
    if (trial && !this._verifying.has(version)) {
      void this._followVerification(version, () => ended(this.client, trial));
    }
  }

  private async _compare(): Promise<void> {
    try {
      if ((await this.pair.refresh()) && !this.isDisposed) {
        this.stateChanged.emit();
      }
    } catch (error) {
      this.say((error as Error).message, true);
    }
  }

  private _fail(error: Error): void {
    const isBroken =
      error instanceof RequestRefused && error.kind === 'ChainBrokenError';
    this._problem = { sentence: error.message, isBroken };
    if (isBroken) {
      // Nothing that was read before may be trusted, or acted on.
      this._found = null;
      this.pair.clear();
      this._forget();
    }
  }

  private _forget(): void {
    this.parts.clear();
    this._notice = null;
    this._promotion?.dispose();
    this._promotion = null;
  }

  private _get<T>(tail: string): Promise<T> {
    const route = `models/${encodeURIComponent(this.name)}${tail}`;
    return this.client.get<T>(route, { workspace: this.workspace });
  }

  private _route(verb: string): string {
    const name = encodeURIComponent(this.name);
    return `models/${name}/${this.current?.version ?? 0}/${verb}`;
  }

  private _changes: Changes | null = null;
  private _found: IVersions | null = null;
  private _notice: { sentence: string; isError: boolean } | null = null;
  private _part: VersionPart = 'overview';
  private _problem: IVersionsProblem | null = null;
  private _promotion: PromotionModel | null = null;
  private _question = 0;
  private _refresh: Throttler;
  private _verifying = new Set<number>();
}
