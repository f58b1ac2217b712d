/**
 * An alias on its way to a version: gates asked first, then a reason, then the move.
 */
import { VDomModel } from '@jupyterlab/ui-components';

import type { Client } from '../api/client';
import { RequestRefused } from '../api/failures';
import type {
  IAliasRule,
  IGateAnswer,
  IRefusedBody,
  IVersion,
  IVersions
} from '../api/registry';
import { tried } from './trial';

/** What is under way. */
export type PromotionState = 'asking' | 'told' | 'moving' | 'moved';

/** One attempt to move an alias to a version. */
export class PromotionModel extends VDomModel {
  constructor(
    private readonly _client: Client,
    private readonly _workspace: string,
    readonly version: IVersion,
    private readonly _known: () => IVersions | null
  ) {
    super();
    this._seen = this._pointed();
  }

  get alias(): string {
    return this._alias;
  }

  get state(): PromotionState {
    return this._state;
  }

  /** What the gates said; null while nobody asked them. */
  get answers(): IGateAnswer[] | null {
    return this._answers;
  }

  get failed(): IGateAnswer[] {
    return (this._answers ?? []).filter(one => !one.passed);
  }

  /** Why nothing came of it; empty when nothing is wrong. */
  get problem(): string {
    return this._problem;
  }

  get reason(): string {
    return this._reason;
  }

  set reason(value: string) {
    this._reason = value;
    this.stateChanged.emit();
  }

  get isForced(): boolean {
    return this._isForced;
  }

  set isForced(value: boolean) {
    this._isForced = value;
    this.stateChanged.emit();
  }

  /** Gates may unpickle the model: the user's word. */
  get allowsPickle(): boolean {
    return this._allowsPickle;
  }

  /** What the alias asks for, as far as the workspace's rules name it. */
  get rule(): IAliasRule | undefined {
    return this._known()?.rules.find(one => one.alias === this._alias);
  }

  /** Where the alias pointed when the user looked; 0 for nowhere. */
  get seen(): number {
    return this._seen;
  }

  /** Somebody moved the alias since the gates were asked. */
  get isOvertaken(): boolean {
    return this._state === 'told' && this._pointed() !== this._seen;
  }

  get canPromote(): boolean {
    if (this._state !== 'told' || this._answers === null || this.isOvertaken) {
      return false;
    }
    return this.failed.length === 0 || (this._isForced && this._hasReason);
  }

  private get _hasReason(): boolean {
    return this._reason.trim() !== '';
  }

  /** Choose the alias, and ask its gates. */
  async choose(alias: string): Promise<void> {
    this._alias = alias.trim();
    await this.ask();
  }

  async allowPickle(isAllowed: boolean): Promise<void> {
    this._allowsPickle = isAllowed;
    await this.ask();
  }

  /** Ask the gates; nothing moves. */
  async ask(): Promise<void> {
    const question = ++this._question;
    this._seen = this._pointed();
    this._answers = null;
    this._isForced = false;
    this._problem = '';
    this._state = 'asking';
    this.stateChanged.emit();
    try {
      const found = await this._send('gates', {});
      if (question === this._question) {
        this._answers = found;
      }
    } catch (error) {
      if (question === this._question) {
        this._problem = (error as Error).message;
      }
    }
    if (question === this._question && !this.isDisposed) {
      this._state = 'told';
      this.stateChanged.emit();
    }
  }

  /** Move the alias; true when it was. */
  async promote(): Promise<boolean> {
    if (!this.canPromote) {
      return false;
    }
    this._state = 'moving';
    this._problem = '';
    this.stateChanged.emit();
    try {
      this._answers = await this._send('promotion', {
        reason: this._reason,
        force: this._isForced,
        seen: this._seen
      });
      this._state = 'moved';
    } catch (error) {
      this._state = 'told';
      this._problem = (error as Error).message;
      if (error instanceof RequestRefused) {
        const { answers } = error.body as IRefusedBody;
        this._answers = answers ?? this._answers;
      }
    }
    if (!this.isDisposed) {
      this.stateChanged.emit();
    }
    return this._state === 'moved';
  }

  private async _send(verb: string, more: object): Promise<IGateAnswer[]> {
    const { model, version } = this.version;
    const route = `models/${encodeURIComponent(model)}/${version}/${verb}`;
    const body = {
      alias: this._alias,
      allow_pickle: this._allowsPickle,
      ...more
    };
    return (await tried(this._client, route, body, this._workspace)).answers;
  }

  private _pointed(): number {
    return this._known()?.aliases[this._alias] ?? 0;
  }

  private _alias = 'champion';
  private _allowsPickle = false;
  private _answers: IGateAnswer[] | null = null;
  private _isForced = false;
  private _problem = '';
  private _question = 0;
  private _reason = '';
  private _seen: number;
  private _state: PromotionState = 'asking';
}
