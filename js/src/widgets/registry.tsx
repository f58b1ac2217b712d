/**
 * The panel's section of models: loaded when it is first shown.
 */
import * as React from 'react';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';

import type { Message as News, IPlace } from '../api/wire';
import { RegistryList } from '../components/registry/RegistryList';
import type { PanelModel } from '../models/panel';
import { RegistryModel } from '../models/registry';
import type { WorkspacesModel } from '../models/workspaces';

/** Models, as React draws them; hidden, they are not asked for. */
export class RegistrySection extends ReactWidget {
  constructor(
    private readonly _panel: PanelModel,
    private readonly _onOpen: (name: string) => void,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-Mlops-content');
    this._registry = new RegistryModel(_panel.client);
    _panel.news.connect(this._onNews, this);
    _panel.workspaces.currentChanged.connect(this._onCurrent, this);
  }

  override dispose(): void {
    this._panel.news.disconnect(this._onNews, this);
    this._panel.workspaces.currentChanged.disconnect(this._onCurrent, this);
    this._registry.dispose();
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._look();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._look();
  }

  protected override render(): React.JSX.Element {
    return (
      <RegistryList
        registry={this._registry}
        onOpen={this._onOpen}
        trans={this._trans}
      />
    );
  }

  private _look(): void {
    if (this.isVisible) {
      void this._registry.show(this._panel.workspaces.current?.path ?? null);
    }
  }

  private _onCurrent(_: WorkspacesModel, place: IPlace | null): void {
    if (this.isVisible) {
      void this._registry.show(place?.path ?? null);
    }
  }

  private _onNews(_: PanelModel, news: News): void {
    if (
      this.isVisible &&
      news.type === 'changed' &&
      news.topics.includes('models')
    ) {
      void this._registry.refresh();
    }
  }

  private readonly _registry: RegistryModel;
}
