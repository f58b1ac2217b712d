/**
 * The inside of a tab in the main area: empty until it is first shown.
 */
import type { Message } from '@lumino/messaging';
import { PanelLayout, Widget } from '@lumino/widgets';

/** What a tab shows; it asks the server only while it is seen. */
export interface ISeen {
  isVisible: boolean;
  dispose(): void;
}

/** Makes what is inside; called when the tab is first shown. */
export type Fill<M extends ISeen> = (model: M) => Promise<Widget>;

/** Looks at its model only while it is seen itself, and ends it. */
export class TabPlace<M extends ISeen> extends Widget {
  constructor(
    readonly model: M,
    private readonly _fill: Fill<M>
  ) {
    super();
    this.layout = new PanelLayout();
  }

  override dispose(): void {
    this.model.dispose();
    super.dispose();
  }

  protected override onBeforeShow(message: Message): void {
    super.onBeforeShow(message);
    this._appear();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) {
      this._appear();
    }
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.model.isVisible = false;
  }

  protected override onBeforeDetach(message: Message): void {
    this.model.isVisible = false;
    super.onBeforeDetach(message);
  }

  private _appear(): void {
    this.model.isVisible = true;
    if (!this._isFilled) {
      this._isFilled = true;
      void this._fill(this.model).then(inside => {
        if (this.isDisposed) {
          inside.dispose();
        } else {
          (this.layout as PanelLayout).addWidget(inside);
        }
      });
    }
  }

  private _isFilled = false;
}
