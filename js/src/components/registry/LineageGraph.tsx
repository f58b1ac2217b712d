/**
 * A version's lineage as a graph: loaded when it is first shown.
 */
import * as React from 'react';
import { Controls, Handle, Position, ReactFlow } from '@xyflow/react';
import type { Edge, Node, NodeProps } from '@xyflow/react';
import type { TranslationBundle } from '@jupyterlab/translation';

import '@xyflow/react/dist/base.css';

import type { ILineage, ILineageNode } from '../../api/registry';
import { formatBytes } from '../bytes';
import { NODE_HEIGHT, NODE_WIDTH, placed } from './lineagelayout';

const DIGEST = 10;

export interface ILineageGraphProps {
  lineage: ILineage;
  onRun: (run: string) => void;
  trans: TranslationBundle;
}

type Shown = Node<{
  node: ILineageNode;
  onRun: (run: string) => void;
  trans: TranslationBundle;
}>;

const TYPES = { lineage: LineageCard };

export function LineageGraph(props: ILineageGraphProps): React.JSX.Element {
  const { lineage, onRun, trans } = props;
  const [nodes, edges] = React.useMemo(
    () => toFlow(lineage, onRun, trans),
    [lineage, onRun, trans]
  );
  return (
    <ReactFlow
      key={lineage.nodes.map(one => one.id).join(' ')}
      nodes={nodes}
      edges={edges}
      nodeTypes={TYPES}
      fitView
      fitViewOptions={{ maxZoom: 1, padding: 0.1 }}
      minZoom={0.2}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      preventScrolling={false}
      proOptions={{ hideAttribution: true }}
      aria-label={trans.__('Lineage')}
    >
      <Controls showInteractive={false} />
    </ReactFlow>
  );
}

function toFlow(
  lineage: ILineage,
  onRun: (run: string) => void,
  trans: TranslationBundle
): [Shown[], Edge[]] {
  const places = placed(lineage);
  const nodes = lineage.nodes.map(node => ({
    id: node.id,
    type: 'lineage',
    position: places.get(node.id) ?? { x: 0, y: 0 },
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    data: { node, onRun, trans }
  }));
  const edges = lineage.edges.map(({ source, target }) => ({
    id: `${source} ${target}`,
    source,
    target
  }));
  return [nodes, edges];
}

function LineageCard(props: NodeProps<Shown>): React.JSX.Element {
  const { node, onRun, trans } = props.data;
  const inside = (
    <>
      <span className="jp-Mlops-nodeKind">{kindWord(node, trans)}</span>
      <span className="jp-Mlops-nodeLabel" title={node.label}>
        {node.label}
      </span>
      <span className="jp-Mlops-nodeDetail" title={node.detail}>
        {detailOf(node, trans)}
      </span>
    </>
  );
  const { run_id: run } = node;
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      {run === null ? (
        <div className="jp-Mlops-node" data-kind={node.kind}>
          {inside}
        </div>
      ) : (
        <button
          className="jp-Mlops-node nopan"
          data-kind={node.kind}
          title={trans.__('Open this run')}
          onClick={() => onRun(run)}
        >
          {inside}
        </button>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}

function kindWord(node: ILineageNode, trans: TranslationBundle): string {
  const words = {
    file: trans.__('file'),
    run: trans.__('run'),
    version: trans.__('version'),
    alias: trans.__('alias'),
    copy: trans.__('taken elsewhere')
  };
  return words[node.kind];
}

function detailOf(node: ILineageNode, trans: TranslationBundle): string {
  if (node.kind === 'run' && node.cells > 0) {
    return trans._n('%1 cell made it', '%1 cells made it', node.cells);
  }
  const words = [node.detail];
  if (node.kind === 'file' && node.digest !== null) {
    words.push(node.digest.slice(0, DIGEST));
  }
  if (node.size !== null) {
    words.push(formatBytes(node.size));
  }
  return words.filter(word => word !== '').join(', ');
}
