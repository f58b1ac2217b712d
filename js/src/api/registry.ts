/**
 * The shapes of registered models: twins of those in openapi.json.
 */
import type { IErrorBody, JsonValue, WireNumber } from './wire';

export interface IVersion {
  model: string;
  version: number;
  digest: string;
  flavor: string;
  /** Of the model's object; empty when it is not known. */
  class_name: string;
  size: number;
  registered: string;
  by: string;
  /** How we know who it was: told, jupyter, jupyterhub, git, system. */
  by_source: string;
  run_id: string | null;
  artifact: string | null;
  metrics: { [key: string]: WireNumber };
  params: { [key: string]: JsonValue };
  note: string | null;
  aliases: string[];
  archived: boolean;
  verdict: string | null;
}

export interface IModel {
  name: string;
  versions: number;
  aliases: { [alias: string]: number };
  latest: IVersion | null;
}

export interface IModels {
  models: IModel[];
  /** Those whose history was changed after it was written. */
  broken: { name: string; message: string }[];
}

/** What an alias of a model asks for. */
export interface IAliasRule {
  alias: string;
  gates: string[];
  approvals: number;
}

export interface IVersions {
  model: string;
  versions: IVersion[];
  aliases: { [alias: string]: number };
  rules: IAliasRule[];
  /** What is wrong with gates.yaml; empty when nothing is. */
  problem: string;
  /** As whom the asker acts. */
  you: { name: string; source: string };
}

export interface IGateAnswer {
  gate: string;
  passed: boolean;
  detail: string;
  /** The run of a gate's notebook. */
  run_id: string | null;
  cached: boolean;
}

/** One link of a model's history. */
export interface IModelEvent {
  number: number;
  time: string;
  kind: string;
  by: string;
  by_source: string;
  version: number | null;
  alias: string | null;
  was: number | null;
  reason: string | null;
  note: string | null;
  forced: boolean;
  entered_by: string | null;
  about: string;
  gates: IGateAnswer[];
  digest: string;
}

export interface IHistory {
  events: IModelEvent[];
}

export interface ISignatureColumn {
  name: string;
  kind: string;
  dtype: string;
  optional: boolean;
}

export interface ISignature {
  container: string;
  columns: ISignatureColumn[];
  shape: (number | null)[] | null;
  dtype: string | null;
  outputs: ISignatureColumn[];
}

export interface IRecipeCell {
  source: string;
  ran_as: number | null;
  reasons: string[];
}

/** Work on a version: under way, or what came of it. */
export interface ITrial {
  id: string;
  verb: 'gates' | 'promotion' | 'verification' | 'export';
  model: string;
  version: number;
  alias: string | null;
  is_running: boolean;
  answers: IGateAnswer[];
  said: string;
}

export interface IVersionDetails {
  version: IVersion;
  uri: string;
  /** Code that loads it. */
  load: string;
  /** Null when its run is not recorded here. */
  run_name: string | null;
  signature: ISignature | null;
  gates: (IGateAnswer & { time: string })[];
  approvals: IModelEvent[];
  events: IModelEvent[];
  cells: IRecipeCell[];
  recipe_kind: string | null;
  data: { name: string; digest: string; size: number | null }[];
  files: { path: string; size: number; digest: string }[];
  git: { [key: string]: JsonValue };
  requirements: string;
  /** Those that are under way. */
  trials: ITrial[];
  /** The forms in which it can be taken away. */
  exports: string[];
}

/** A field that people write. */
export interface ICardField {
  name: string;
  help: string;
  text: string;
  /** The earlier version whose card says so; nobody has confirmed it. */
  carried_from: number | null;
}

export interface ICard {
  markdown: string;
  fields: { [name: string]: string };
  form: ICardField[];
}

export interface ILineageNode {
  id: string;
  kind: 'file' | 'run' | 'version' | 'alias' | 'copy';
  label: string;
  detail: string;
  digest: string | null;
  size: number | null;
  run_id: string | null;
  /** Of a run: how many cells its recipe has. */
  cells: number;
}

export interface ILineage {
  nodes: ILineageNode[];
  edges: { source: string; target: string }[];
  left_out: number;
}

/** Why a promotion was refused. */
export interface IRefusedBody extends IErrorBody {
  answers?: IGateAnswer[];
}
