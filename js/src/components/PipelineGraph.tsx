/**
 * A pipeline's steps as a graph.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  Controls,
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow
} from '@xyflow/react';
import type { Edge, Node, NodeProps } from '@xyflow/react';

import type { IPipelineStep } from '../api/batchwire';
import { STEP_HEIGHT, STEP_WIDTH, placesOf } from '../models/pipelinelayout';
import { StateSign, stateWord } from './batchwords';
import { formatSeconds } from './format';

interface IStepData extends Record<string, unknown> {
  step: IPipelineStep;
  isUpright: boolean;
  trans: TranslationBundle;
}

type StepNode = Node<IStepData, 'step'>;

const NARROW = 520;
const NODE_TYPES = { step: StepBox };
const FIT = { padding: 0.12, maxZoom: 1.1, duration: 0 };

export interface IGraphProps {
  steps: readonly IPipelineStep[];
  selected: string;
  onSelect: (name: string) => void;
  trans: TranslationBundle;
}

export function PipelineGraph(props: IGraphProps): React.JSX.Element {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow(props: IGraphProps): React.JSX.Element {
  const { onSelect, selected, steps, trans } = props;
  const [frame, isUpright] = useUpright();
  const shape = steps.map(step => [step.name, step.needs]);
  const places = React.useMemo(
    () => placesOf(steps, isUpright),
    // Only who needs whom moves a step.
    [JSON.stringify(shape), isUpright]
  );
  const { fitView } = useReactFlow();
  React.useEffect(() => void fitView(FIT), [places]);
  const nodes: StepNode[] = steps.map(step => ({
    id: step.name,
    type: 'step',
    position: places.get(step.name) ?? { x: 0, y: 0 },
    width: STEP_WIDTH,
    height: STEP_HEIGHT,
    selected: step.name === selected,
    ariaLabel: `${step.name}: ${stateWord(step.state, trans)}`,
    data: { step, isUpright, trans }
  }));
  return (
    <div className="jp-Mlops-graph" ref={frame}>
      <ReactFlow
        nodes={nodes}
        edges={edgesOf(steps)}
        nodeTypes={NODE_TYPES}
        onNodeClick={(_, node) => onSelect(node.id)}
        onNodesChange={changes => {
          for (const change of changes) {
            if (change.type === 'select' && change.selected) {
              onSelect(change.id);
            }
          }
        }}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        minZoom={0.2}
        maxZoom={1.6}
        fitView
        fitViewOptions={FIT}
        aria-label={trans.__('Steps of the pipeline')}
      >
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function edgesOf(steps: readonly IPipelineStep[]): Edge[] {
  const running = new Set(
    steps.filter(step => step.state === 'running').map(step => step.name)
  );
  return steps.flatMap(({ name, needs }) =>
    needs.map(one => ({
      id: `${one}→${name}`,
      source: one,
      target: name,
      animated: running.has(name),
      markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 }
    }))
  );
}

/** Whether the graph's place is too narrow for steps side by side. */
function useUpright(): [React.RefObject<HTMLDivElement>, boolean] {
  const frame = React.useRef<HTMLDivElement>(null);
  const [isUpright, setUpright] = React.useState(false);
  React.useEffect(() => {
    const node = frame.current;
    if (node === null) {
      return;
    }
    const observer = new ResizeObserver(() =>
      setUpright(node.clientWidth > 0 && node.clientWidth < NARROW)
    );
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  return [frame, isUpright];
}

function StepBox(props: NodeProps<StepNode>): React.JSX.Element {
  const { isUpright, step, trans } = props.data;
  const { progress } = step;
  const share = progress?.planned ? progress.done / progress.planned : null;
  return (
    <div
      className={`jp-Mlops-stepBox jp-mod-${step.state.replace(' ', '-')}`}
      data-step={step.name}
      data-state={step.state}
    >
      <Handle
        type="target"
        position={isUpright ? Position.Top : Position.Left}
      />
      <div className="jp-Mlops-stepName">
        <StateSign state={step.state} trans={trans} />
        <span>{step.name}</span>
      </div>
      <small title={step.why.join('\n')}>{lineOf(step, trans)}</small>
      {share !== null && (
        <progress
          value={share}
          aria-label={trans.__('Cells done of %1', step.name)}
        />
      )}
      <Handle
        type="source"
        position={isUpright ? Position.Bottom : Position.Right}
      />
    </div>
  );
}

function lineOf(step: IPipelineStep, trans: TranslationBundle): string {
  const { progress, seconds, state, why } = step;
  if (progress !== null) {
    const { done, left, planned } = progress;
    const cells = planned
      ? trans.__('%1 of %2 cells', done, planned)
      : trans._n('%1 cell', '%1 cells', done);
    const about =
      left === null ? '' : trans.__(', about %1 left', formatSeconds(left));
    return cells + about;
  }
  const took = seconds === null ? '' : ` · ${formatSeconds(seconds)}`;
  return why[0] ?? stateWord(state, trans) + took;
}
