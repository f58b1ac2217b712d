/**
 * The websocket that says what changed, opened again whenever it breaks.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { Client } from './client';
import type { Message } from './wire';

const FIRST_WAIT = 300;
const LONGEST_WAIT = 8000;

/** What is known of the connection. */
export type Link = 'connecting' | 'open' | 'broken';

/** Hears of changes in one workspace while it lives. */
export class Changes implements IDisposable {
  constructor(
    private readonly _client: Client,
    readonly workspace: string
  ) {
    this._connect();
  }

  /** Something is not as it was. */
  get said(): ISignal<this, Message> {
    return this._said;
  }

  /** The connection was made or lost. */
  get linkChanged(): ISignal<this, Link> {
    return this._linkChanged;
  }

  get link(): Link {
    return this._link;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Hang up. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    clearTimeout(this._timer);
    this._socket?.close();
    this._socket = null;
    Signal.clearData(this);
  }

  private _connect(): void {
    const { WebSocket } = this._client.settings;
    const query = { workspace: this.workspace };
    const socket = new WebSocket(this._client.socketAddress('changes', query));
    this._socket = socket;
    socket.onopen = () => {
      this._failures = 0;
      this._setLink('open');
    };
    socket.onmessage = event => {
      if (this._socket === socket) {
        this._said.emit(JSON.parse(String(event.data)) as Message);
      }
    };
    socket.onclose = () => {
      if (this._socket === socket) {
        this._setLink('broken');
        this._tryAgain();
      }
    };
  }

  private _tryAgain(): void {
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this._failures);
    this._failures += 1;
    // Many panels of one server must not all come back in the same moment.
    const spread = wait * (0.8 + 0.4 * Math.random());
    this._timer = window.setTimeout(() => this._connect(), spread);
  }

  private _setLink(link: Link): void {
    if (link !== this._link) {
      this._link = link;
      this._linkChanged.emit(link);
    }
  }

  private _failures = 0;
  private _isDisposed = false;
  private _link: Link = 'connecting';
  private _linkChanged = new Signal<this, Link>(this);
  private _said = new Signal<this, Message>(this);
  private _socket: WebSocket | null = null;
  private _timer = 0;
}
