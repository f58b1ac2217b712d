/**
 * A widget whose model looks at the server only while the widget is seen.
 */
import { VDomRenderer } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';

import type { LiveLook } from '../models/livelook';

/** Tells its model whether anybody looks. */
export abstract class LookWidget<M extends LiveLook> extends VDomRenderer<M> {
  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
    }
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.model.isVisible = this.isVisible;
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.model.isVisible = true;
  }

  protected override onAfterHide(message: Message): void {
    this.model.isVisible = false;
    super.onAfterHide(message);
  }

  protected override onBeforeDetach(message: Message): void {
    this.model.isVisible = false;
    super.onBeforeDetach(message);
  }
}
