/**
 * Code that brings back in a notebook what a run keeps.
 */
import type { IArtifact } from '../api/rundetails';

const IMPORT = 'import jupyter_mlops as mlops';
const MODEL = 'model';

/** Code for an artifact, or for the whole run. */
export function loadingCode(runId: string, artifact: IArtifact | null): string {
  if (artifact === null) {
    return `mlops.get_run("${runId}")`;
  }
  const name = JSON.stringify(artifact.name);
  return artifact.format === MODEL
    ? `mlops.load_model(${JSON.stringify(`runs:/${runId}/${artifact.name}`)})`
    : `mlops.get_run("${runId}").artifact(${name})`;
}

/** What a run is best loaded by: its model, if it keeps only one. */
export function chiefArtifact(
  artifacts: readonly IArtifact[]
): IArtifact | null {
  const models = artifacts.filter(one => one.format === MODEL);
  return models.length === 1 ? models[0]! : null;
}

/** The line that the code needs before it; empty where the notebook has it. */
export function importLine(sources: readonly string[]): string {
  return sources.some(source => source.includes(IMPORT)) ? '' : `${IMPORT}\n`;
}
