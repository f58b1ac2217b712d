/**
 * Where the steps of a pipeline stand.
 */
import dagre from '@dagrejs/dagre';

import type { IPipelineStep } from '../api/batchwire';

export const STEP_WIDTH = 190;
export const STEP_HEIGHT = 66;
const ALONG = 56;
const ACROSS = 22;

/** Give each step the place of its upper left corner. */
export function placesOf(
  steps: readonly IPipelineStep[],
  isUpright: boolean
): Map<string, { x: number; y: number }> {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({
    rankdir: isUpright ? 'TB' : 'LR',
    ranksep: ALONG,
    nodesep: ACROSS
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name } of steps) {
    graph.setNode(name, { width: STEP_WIDTH, height: STEP_HEIGHT });
  }
  for (const { name, needs } of steps) {
    needs.forEach(one => graph.setEdge(one, name));
  }
  dagre.layout(graph);
  return new Map(
    steps.map(({ name }) => {
      const { x, y } = graph.node(name) as { x: number; y: number };
      return [name, { x: x - STEP_WIDTH / 2, y: y - STEP_HEIGHT / 2 }];
    })
  );
}
