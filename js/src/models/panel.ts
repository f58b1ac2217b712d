/**
 * What the panel is made of, joined; and that a hidden panel costs nothing.
 */
import type { IDisposable } from '@lumino/disposable';
import { Poll, Throttler } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { Changes } from '../api/changes';
import type { Client } from '../api/client';
import type { IPlace, Message } from '../api/wire';
import { ADDED, AdditionsModel } from './additions';
import { CompletionModel } from './completion';
import { LinkModel } from './link';
import { NamesModel } from './names';
import { RunsModel } from './runs';
import { TableModel } from './table';
import { WorkspacesModel } from './workspaces';

/** Between two looks at what changed, in ms. */
const REST = 100;

/** Between two looks for a workspace or a server that is not there, in ms. */
const PATIENCE = 1500;
const LONGEST_PATIENCE = 10000;

/** The models of the panel, and the websocket between them and the server. */
export class PanelModel implements IDisposable {
  constructor(readonly client: Client) {
    this.workspaces = new WorkspacesModel(client);
    this.runs = new RunsModel(client);
    this.names = new NamesModel(client);
    this.table = new TableModel();
    this.completion = new CompletionModel(
      client,
      () => this.workspaces.current?.path ?? null,
      () => this.names.names
    );
    this.link = new LinkModel();
    this._refresh = new Throttler(() => this._lookAgain(), {
      limit: REST,
      edge: 'trailing'
    });
    this._search = new Poll({
      name: 'jupyter-mlops:search',
      factory: () => this.workspaces.refresh(false),
      frequency: { interval: PATIENCE, backoff: true, max: LONGEST_PATIENCE },
      standby: () => !this._isSearching || document.hidden
    });
    this.workspaces.currentChanged.connect(this._onCurrent, this);
    this.runs.stateChanged.connect(this._onRuns, this);
    this.additions.stateChanged.connect(({ columns }) =>
      this.table.setAdded(columns.map(one => ADDED + one.id))
    );
    this.table.stateChanged.connect(this._onTable, this);
  }

  readonly workspaces: WorkspacesModel;
  readonly runs: RunsModel;
  readonly names: NamesModel;
  readonly table: TableModel;
  /** What may come next in the filter. */
  readonly completion: CompletionModel;
  readonly link: LinkModel;
  /** What other extensions added to the table. */
  readonly additions = new AdditionsModel();

  /** Whether changes are followed; otherwise one looks when the panel is shown. */
  get isLive(): boolean {
    return this._isLive;
  }

  set isLive(value: boolean) {
    if (value !== this._isLive) {
      this._isLive = value;
      if (this._isVisible) {
        this._listen(this.workspaces.current);
      }
    }
  }

  /** What the server says of the workspace in front, while the panel is shown. */
  get news(): ISignal<this, Message> {
    return this._news;
  }

  get isVisible(): boolean {
    return this._isVisible;
  }

  /** Shown: look, and listen. Hidden: hang up. */
  set isVisible(value: boolean) {
    if (value === this._isVisible) {
      return;
    }
    this._isVisible = value;
    if (!value) {
      this._hangUp();
    } else if (this.workspaces.standing === 'ready') {
      this._listen(this.workspaces.current);
      void this.runs.refresh();
    } else {
      void this.workspaces.refresh();
    }
  }

  /** A notebook came to the front; told to the server only if anybody looks. */
  follow(path: string): void {
    this._path = path;
    if (this._isVisible) {
      void this.workspaces.follow(path);
    }
  }

  /** Begin to look: called once, when the panel is first shown. */
  async start(): Promise<void> {
    this._isVisible = true;
    await this.workspaces.follow(this._path);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._hangUp();
    this._refresh.dispose();
    this._search.dispose();
    Signal.clearData(this);
  }

  /** Shown, but nothing to show: a cell may make the first workspace any moment. */
  private get _isSearching(): boolean {
    const { standing } = this.workspaces;
    return (
      this._isVisible && (standing === 'none' || standing === 'unreachable')
    );
  }

  private _onCurrent(_: WorkspacesModel, place: IPlace | null): void {
    const path = place === null ? null : place.path;
    void this.runs.show(path);
    void this.names.show(path);
    this.table.select(null);
    if (this._isVisible) {
      this._listen(place);
    }
  }

  private _onRuns(runs: RunsModel): void {
    if (runs.hasAnswer) {
      const isNew = runs.generation !== this._generation;
      this._generation = runs.generation;
      this.table.notice(runs.rows(), isNew);
    }
  }

  /** The best of a group is that of the metric in sight. */
  private _onTable(table: TableModel): void {
    const { groupBy, metric } = this.runs.question;
    if (groupBy && metric !== table.metric) {
      void this.runs.ask({ metric: table.metric });
    }
  }

  private _listen(place: IPlace | null): void {
    this._hangUp();
    if (place === null || !this._isLive) {
      return;
    }
    const changes = new Changes(this.client, place.path);
    changes.said.connect(this._onSaid, this);
    changes.linkChanged.connect((_, link) => {
      const wasBroken = this.link.link === 'broken';
      this.link.link = link;
      if (link === 'open' && wasBroken) {
        // What was said while nobody listened.
        void this.workspaces.refresh(false);
        void this._refresh.invoke();
      }
    });
    this._changes = changes;
  }

  private _hangUp(): void {
    this._changes?.dispose();
    this._changes = null;
    this.link.link = 'connecting';
  }

  private _onSaid(_: Changes, message: Message): void {
    if (message.type === 'problem') {
      this.link.problem = message.message;
      return;
    }
    this.link.problem = '';
    this._news.emit(message);
    if (message.topics.includes('runs')) {
      void this._refresh.invoke();
    }
  }

  private async _lookAgain(): Promise<void> {
    if (!this._isVisible) {
      return;
    }
    await this.runs.refresh();
    const known = new Set(this.names.names.experiments.map(one => one.name));
    if ([...this.runs.rows()].some(run => !known.has(run.experiment))) {
      await this.names.refresh();
    }
  }

  private _changes: Changes | null = null;
  private _generation = -1;
  private _isDisposed = false;
  private _isLive = true;
  private _isVisible = false;
  private _news = new Signal<this, Message>(this);
  private _path = '';
  private _refresh: Throttler;
  private _search: Poll;
}
