/**
 * The sections of the panel, and which one is in front.
 */
import { VDomModel } from '@jupyterlab/ui-components';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

/** What is known of a section before it is shown. */
export interface ISectionName {
  readonly id: string;
  /** In the user's language. */
  readonly label: string;
  /** Lower ones stand further to the left. */
  readonly rank: number;
}

/** Knows what sections there are; the user's choice outlives a section's absence. */
export class SectionsModel<S extends ISectionName> extends VDomModel {
  /** The user chose another section. */
  get chosen(): ISignal<this, string> {
    return this._chosen;
  }

  /** All there are, in order. */
  get all(): readonly S[] {
    return this._all;
  }

  /** The one in front. */
  get current(): S | null {
    return (
      this._all.find(one => one.id === this._wanted) ?? this._all[0] ?? null
    );
  }

  /** Add a section; whoever disposes the answer takes it away. */
  add(section: S): IDisposable {
    this._all = [...this._all, section].sort((a, b) => a.rank - b.rank);
    this.stateChanged.emit();
    return new DisposableDelegate(() => {
      this._all = this._all.filter(one => one !== section);
      this.stateChanged.emit();
    });
  }

  /** Bring back what was in front last time. */
  restore(id: string): void {
    this._wanted = id;
    this.stateChanged.emit();
  }

  /** Bring a section to the front. */
  show(id: string): void {
    if (id !== this._wanted) {
      this.restore(id);
      this._chosen.emit(id);
    }
  }

  private _all: readonly S[] = [];
  private _chosen = new Signal<this, string>(this);
  private _wanted = '';
}
