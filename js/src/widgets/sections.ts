/**
 * The sections' widgets: each is made when it is first shown, one is in sight.
 */
import { Panel, Widget } from '@lumino/widgets';

import type { SectionsModel } from '../models/sections';
import type { ISection } from '../tokens';

/** Shows the section in front; the others are hidden, and know it. */
export class SectionStack extends Panel {
  constructor(private readonly _sections: SectionsModel<ISection>) {
    super();
    this.addClass('jp-Mlops-sections');
    _sections.stateChanged.connect(this._update, this);
    this._update();
  }

  override dispose(): void {
    this._sections.stateChanged.disconnect(this._update, this);
    super.dispose();
  }

  private _update(): void {
    this._drop();
    const { current } = this._sections;
    for (const [section, frame] of this._frames) {
      frame.setHidden(section !== current);
    }
    if (current !== null && !this._frames.has(current)) {
      this._frames.set(current, this._make(current));
    }
  }

  /** A frame stands in for the widget until its code is there. */
  private _make(section: ISection): Panel {
    const frame = new Panel();
    frame.addClass('jp-Mlops-section');
    frame.id = sectionId(section.id);
    frame.node.setAttribute('role', 'tabpanel');
    frame.node.setAttribute('aria-label', section.label);
    this.addWidget(frame);
    void section.create().then(widget => {
      if (frame.isDisposed) {
        widget.dispose();
      } else {
        frame.addWidget(widget);
      }
    });
    return frame;
  }

  private _drop(): void {
    for (const [section, frame] of [...this._frames]) {
      if (!this._sections.all.includes(section)) {
        frame.dispose();
        this._frames.delete(section);
      }
    }
  }

  private _frames = new Map<ISection, Widget>();
}

/** The id of a section's place in the page: its tab points at it. */
export function sectionId(id: string): string {
  return `jp-mlops-section-${id}`;
}
