/**
 * SVG of an output that nobody vouches for: as an image, in which no script runs.
 */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';

const SVG = 'image/svg+xml';

class SafeSvg extends Widget implements IRenderMime.IRenderer {
  constructor() {
    super();
    this.addClass('jp-RenderedImage');
  }

  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const data = model.data[SVG];
    const source = Array.isArray(data) ? data.join('') : (data as string);
    const image = document.createElement('img');
    image.alt = '';
    image.src = `data:${SVG};charset=utf-8,${encodeURIComponent(source)}`;
    this.node.replaceChildren(image);
    return Promise.resolve();
  }
}

/** Takes the place of JupyterLab's renderer, which shows no untrusted SVG. */
export const safeSvgFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: [SVG],
  defaultRank: 80,
  createRenderer: () => new SafeSvg()
};
