/**
 * Which workspace the panel shows: that of the notebook in front, or a chosen one.
 */
import { VDomModel } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import { ServerPartMissing, ServerUnreachable } from '../api/failures';
import type { IPlace, IWorkspaces } from '../api/wire';

/** What the panel can show at all. */
export type Standing =
  | 'asking'
  | 'ready'
  /** There is no workspace here yet. */
  | 'none'
  /** The server part is not installed. */
  | 'missing'
  /** The server does not answer. */
  | 'unreachable'
  | 'failed';

/** Knows the workspaces of the server, and which one is in front. */
export class WorkspacesModel extends VDomModel {
  constructor(private readonly _client: Client) {
    super();
  }

  /** Another workspace came to the front. */
  get currentChanged(): ISignal<this, IPlace | null> {
    return this._currentChanged;
  }

  get standing(): Standing {
    return this._standing;
  }

  /** Whether there is a workspace to show, whatever the server says just now. */
  get isListable(): boolean {
    const isTold = ['missing', 'none', 'failed'].includes(this._standing);
    return !isTold && this._current !== null;
  }

  /** The sentence that belongs to `failed`. */
  get problem(): string {
    return this._problem;
  }

  get current(): IPlace | null {
    return this._current;
  }

  /** Where a first workspace would be made. */
  get proposed(): IPlace | null {
    return this._proposed;
  }

  /** All that were found at the last look. */
  get known(): readonly IPlace[] {
    return this._known;
  }

  /** Whether the notebook in front decides. */
  get isFollowing(): boolean {
    return this._isFollowing;
  }

  /** A notebook or folder came to the front. */
  async follow(path: string): Promise<void> {
    const isNew = path !== this._path;
    this._path = path;
    if (this._isFollowing && (isNew || this._standing !== 'ready')) {
      await this.refresh(false);
    }
  }

  /** Show this one until another is chosen. */
  choose(place: IPlace): void {
    this._isFollowing = false;
    this._show(place, 'ready');
  }

  /** Let the notebook in front decide again. */
  async followAgain(): Promise<void> {
    this._isFollowing = true;
    await this.refresh(false);
  }

  /** Look again; `all` looks through the folders, too. */
  async refresh(all = true): Promise<void> {
    const asked = ++this._asked;
    try {
      const query = { path: this._path, all: all ? '1' : '0' };
      const found = await this._client.get<IWorkspaces>('workspaces', query);
      if (asked === this._asked) {
        this._take(found, all);
      }
    } catch (error) {
      if (asked === this._asked) {
        this._fail(error);
      }
    }
  }

  /** Make a workspace where one was proposed. */
  async make(path: string): Promise<void> {
    try {
      const made = await this._client.post<IPlace>('workspaces', { path });
      this._known = [...this._known, made];
      this._show(made, 'ready');
    } catch (error) {
      this._fail(error);
    }
  }

  private _take(found: IWorkspaces, all: boolean): void {
    this._proposed = found.proposed;
    if (all) {
      this._known = found.workspaces;
    } else if (found.current && !this._knows(found.current)) {
      this._known = [...this._known, found.current];
    }
    if (!this._isFollowing && this._current !== null) {
      this._show(this._current, 'ready');
      return;
    }
    this._show(found.current, found.current ? 'ready' : 'none');
  }

  private _knows(place: IPlace): boolean {
    return this._known.some(one => one.path === place.path);
  }

  private _fail(error: unknown): void {
    this._problem = error instanceof Error ? error.message : String(error);
    if (error instanceof ServerPartMissing) {
      this._show(null, 'missing');
    } else if (error instanceof ServerUnreachable) {
      this._show(this._current, 'unreachable');
    } else {
      this._show(this._current, 'failed');
    }
  }

  private _show(place: IPlace | null, standing: Standing): void {
    const isOther = place?.path !== this._current?.path;
    this._current = place;
    this._standing = standing;
    if (isOther) {
      this._currentChanged.emit(place);
    }
    this.stateChanged.emit();
  }

  private _asked = 0;
  private _current: IPlace | null = null;
  private _currentChanged = new Signal<this, IPlace | null>(this);
  private _isFollowing = true;
  private _known: IPlace[] = [];
  private _path = '';
  private _problem = '';
  private _proposed: IPlace | null = null;
  private _standing: Standing = 'asking';
}
