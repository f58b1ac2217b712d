/**
 * Metrics of runs as curves: a chart for each metric, or one for all.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Client } from '../api/client';
import type { CurveAxis } from '../api/wire';
import { CurvesModel } from '../models/curves';
import { CurveChart } from './CurveChart';
import { CurvesBar } from './CurvesBar';

/** A run whose curves are drawn. */
export interface ICurveRun {
  run_id: string;
  /** What the legend calls it. */
  label: string;
}

export interface ICurvesProps {
  client: Client;
  /** The workspace's path, as `IPlace` has it. */
  workspace: string;
  runs: readonly ICurveRun[];
  metrics: readonly string[];
  trans: TranslationBundle;
}

/** How curves are looked at, whatever they are. */
export interface ICurveLook {
  axis: CurveAxis;
  isLog: boolean;
  /** Whether all metrics share a chart. */
  isOne: boolean;
  /** From 0 to 1. */
  smoothing: number;
}

/** So many charts are drawn before somebody asks for more. */
const MOST_CHARTS = 12;
const PLAIN: ICurveLook = {
  axis: 'step',
  isLog: false,
  isOne: false,
  smoothing: 0
};

/** Draws, asks for what it needs by itself, and follows runs that grow. */
export function Curves(props: ICurvesProps): React.JSX.Element {
  const { runs, metrics, trans } = props;
  const root = React.useRef<HTMLDivElement>(null);
  const [most, showMore] = React.useState(MOST_CHARTS);
  const model = useModel(props, metrics.slice(0, most), root);
  const [look, setLook] = React.useState(PLAIN);
  const [hidden, hide] = useHidden();
  const change = (part: Partial<ICurveLook>): void => {
    setLook({ ...look, ...part });
    if (part.axis) {
      void model.lie(part.axis);
    }
  };
  const group = React.useId();
  const shown = metrics.slice(0, most);
  const charts = look.isOne ? [shown] : shown.map(metric => [metric]);
  const more = metrics.length - shown.length;
  return (
    <div ref={root} className="jp-Mlops-curves">
      <CurvesBar
        look={look}
        onChange={change}
        isZoomed={model.range !== null}
        onReset={() => void model.zoom(null)}
        hasSeveral={metrics.length > 1}
        trans={trans}
      />
      {model.problem && (
        <div className="jp-Mlops-notice" role="status">
          {model.problem}
        </div>
      )}
      <div className="jp-Mlops-charts">
        {charts.map(keys => (
          <CurveChart
            key={keys.join('\n')}
            model={model}
            runs={runs}
            metrics={keys}
            group={group}
            look={look}
            hidden={hidden}
            onHide={hide}
            trans={trans}
          />
        ))}
      </div>
      {more > 0 && (
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          onClick={() => showMore(most + MOST_CHARTS)}
        >
          {trans.__('Show %1 more', Math.min(more, MOST_CHARTS))}
        </button>
      )}
    </div>
  );
}

/** The model, which listens while its curves are in sight. */
function useModel(
  props: ICurvesProps,
  metrics: readonly string[],
  root: React.RefObject<HTMLElement>
): CurvesModel {
  const { client, workspace, runs } = props;
  const [model, setModel] = React.useState(
    () => new CurvesModel(client, workspace)
  );
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const made = model.isDisposed ? new CurvesModel(client, workspace) : model;
    setModel(made);
    made.stateChanged.connect(redraw);
    const sight = new IntersectionObserver(entries => {
      made.isListening = entries.some(entry => entry.isIntersecting);
    });
    if (root.current) {
      sight.observe(root.current);
    }
    return () => {
      sight.disconnect();
      made.dispose();
    };
  }, [client, workspace]);
  React.useEffect(() => {
    if (!model.isDisposed) {
      void model.show(
        runs.map(run => run.run_id),
        metrics
      );
    }
  });
  return model;
}

/** The lines that are not drawn, by name; and what shows or hides one. */
function useHidden(): [ReadonlySet<string>, (name: string) => void] {
  const [hidden, setHidden] = React.useState<ReadonlySet<string>>(new Set());
  const toggle = (name: string): void => {
    const next = new Set(hidden);
    if (!next.delete(name)) {
      next.add(name);
    }
    setHidden(next);
  };
  return [hidden, toggle];
}
