/**
 * What models take from JupyterLab's components, without the components.
 */
import { Signal } from '@lumino/signaling';

export class VDomModel {
  readonly stateChanged = new Signal<this, void>(this);
  isDisposed = false;

  dispose(): void {
    this.isDisposed = true;
    Signal.clearData(this);
  }
}
