/**
 * Where the nodes of a lineage stand: from left to right, as time goes.
 */
import { Graph, layout } from '@dagrejs/dagre';

import type { ILineage } from '../../api/registry';

export const NODE_WIDTH = 180;
export const NODE_HEIGHT = 54;

const BESIDE = 18;
const BETWEEN = 60;

/** The upper left corner of each node, by id. */
export function placed(
  lineage: ILineage
): Map<string, { x: number; y: number }> {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: BESIDE, ranksep: BETWEEN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of lineage.nodes) {
    graph.setNode(node.id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  }
  for (const { source, target } of lineage.edges) {
    graph.setEdge(source, target);
  }
  layout(graph);
  return new Map(
    lineage.nodes.map(({ id }) => {
      const { x, y } = graph.node(id) as { x: number; y: number };
      return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }];
    })
  );
}
