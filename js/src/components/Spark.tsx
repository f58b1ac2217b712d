/**
 * A metric's curve in a cell of the runs table.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Client } from '../api/client';
import type { IRun } from '../api/wire';
import { SPARK_HEIGHT, SPARK_WIDTH, SparksModel } from '../models/sparks';
import { formatNumber } from './format';

interface ISparks {
  sparks: SparksModel;
  workspace: string;
}

/** Where cells find what draws them; null: nothing does. */
const SparksContext = React.createContext<ISparks | null>(null);

/** Lets cells below it have curves. */
export function WithSparks(props: {
  client: Client;
  workspace: string;
  children: React.ReactNode;
}): React.JSX.Element {
  const { client, workspace } = props;
  const [found, setFound] = React.useState<ISparks | null>(null);
  React.useEffect(() => {
    const sparks = new SparksModel(client);
    setFound({ sparks, workspace });
    return () => sparks.dispose();
  }, [client, workspace]);
  return (
    <SparksContext.Provider value={found}>
      {props.children}
    </SparksContext.Provider>
  );
}

export function Spark(props: {
  run: IRun;
  metric: string;
  trans: TranslationBundle;
}): React.JSX.Element | null {
  const { run, metric, trans } = props;
  const context = React.useContext(SparksContext);
  const spark = useSpark(context, run, metric);
  if (!spark?.path) {
    return null;
  }
  const told = trans.__(
    '%1: %2 points, from %3 to %4',
    metric,
    spark.total.toLocaleString(),
    formatNumber(spark.first),
    formatNumber(spark.last)
  );
  return (
    <svg
      className="jp-Mlops-spark"
      viewBox={`0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`}
      width={SPARK_WIDTH}
      height={SPARK_HEIGHT}
      role="img"
      aria-label={told}
    >
      <title>{told}</title>
      <path d={spark.path} />
    </svg>
  );
}

/** Want a spark while the cell is there; drawn again when it is another. */
function useSpark(
  context: ISparks | null,
  run: IRun,
  metric: string
): ReturnType<SparksModel['spark']> {
  const last = run.metrics[metric];
  const { run_id, status } = run;
  React.useEffect(
    () =>
      last === undefined
        ? undefined
        : context?.sparks.want(context.workspace, run, metric),
    [context, run_id, status, last, metric]
  );
  const listen = React.useCallback(
    (listener: () => void) =>
      context ? context.sparks.listen(listener) : () => undefined,
    [context]
  );
  return React.useSyncExternalStore(listen, () =>
    context?.sparks.spark(context.workspace, run_id, metric)
  );
}
