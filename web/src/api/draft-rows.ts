/** Shapes of v1 rows. One place, so that the generated schema can take over name by name. */
export type Page<Row> = { items: Row[]; next_cursor: string | null };
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Facts = { [key: string]: Json };

export type Role = "owner" | "manager" | "reviewer" | "annotator" | "creator" | "viewer" | "service";
export type Me = {
  id: string;
  name: string;
  email: string;
  role: Role;
  tenant: { id: string; name: string };
  permissions: string[];
};
export type Member = {
  id: string;
  name: string;
  email: string;
  role: Role;
  created_at: string;
  is_active?: boolean;
};
export type ApiKey = {
  id: string;
  name: string;
  prefix: string;
  hint?: string;
  role: Role;
  scopes: string[];
  created_at: string;
  last_used_at?: string | null;
  expires_at?: string | null;
  revoked_at?: string | null;
  secret?: string;
};
export type Event = {
  id: string;
  seq: number;
  name: string;
  actor_id: string;
  actor_name?: string | null;
  via: string;
  subject_id: string;
  facts: Facts;
  created_at: string;
};
export type Viewer = {
  actor_id: string;
  actor_name?: string | null;
  via: string;
  name: string;
  start_frame: number | null;
  end_frame: number | null;
  at: string;
};

export type Upload = {
  id: string;
  name: string;
  size_bytes: number;
  received_bytes: number;
  chunk_bytes: number;
  state: string;
};
export type Asset = {
  id: string;
  name: string;
  created_at: string;
  job_id: string | null;
  is_ready: boolean;
  failure: { code: string; detail: string; remedy?: string } | null;
  width: number | null;
  height: number | null;
  display_width: number | null;
  display_height: number | null;
  rotation: number | null;
  num_frames: number | null;
  duration_s: number | null;
  fps: number | null;
  is_vfr: boolean | null;
  codec: string | null;
  pixel_format: string | null;
  has_audio: boolean | null;
  size_bytes?: number | null;
  poster_url?: string | null;
  filmstrip_url?: string | null;
  filmstrip?: Filmstrip | null;
  is_synthetic?: boolean;
};
export type Filmstrip = {
  columns: number;
  rows: number;
  tile_width: number;
  tile_height: number;
  frames: number[];
};
export type AssetMedia = {
  source_url: string;
  proxy_url: string | null;
  poster_url: string | null;
  filmstrip_url: string | null;
  filmstrip: Filmstrip | null;
};
export type AssetIndex = { time_base: [number, number]; pts: number[] };
export type Shot = {
  id: string;
  number: number;
  start_frame: number;
  end_frame: number;
  start_pts: number;
  end_pts: number;
  detector: string;
  confidence: number | null;
};
export type Use = "label" | "train" | "generate" | "share";
export type RightsIn = {
  source: string;
  owner: string;
  licence: string;
  allowed_uses: Use[];
  expires_at: string | null;
  retain_until: string | null;
  is_synthetic: boolean;
};
export type Rights = RightsIn & {
  declared_by: string | null;
  revoked_at: string | null;
  revoked_reason: string | null;
};
export type ConsentIn = { person_ref: string; uses: Use[]; given_at: string; expires_at: string | null };
export type Consent = ConsentIn & { id: string; revoked_at: string | null };

export type OntologyClass = { name: string; shapes: string[]; attributes?: Facts[]; colour?: string };
export type Project = {
  id: string;
  name: string;
  created_at: string;
  ontology: { id: string; number: number; classes: OntologyClass[] } | null;
  num_tasks?: number;
  num_open_proposals?: number;
};
export type Task = {
  id: string;
  kind: "annotate" | "comparison";
  project_id: string;
  asset_id: string | null;
  start_frame: number | null;
  end_frame: number | null;
  replicas: number;
  num_attempts?: number;
  priority: number;
  external_id: string | null;
  completed_at: string | null;
  created_at: string;
};
export type Keyframe = {
  frame: number;
  pts: number;
  box: [number, number, number, number];
  is_occluded: boolean;
};
export type BoxTrackValue = {
  shape: "box_track";
  class_name: string;
  keyframes: Keyframe[];
  attributes: Facts;
};
export type ProposalState = "open" | "accepted" | "adjusted" | "rejected";
export type Proposal = {
  id: string;
  project_id: string;
  asset_id: string;
  tracker: string;
  confidence: number;
  value: BoxTrackValue;
  state: ProposalState;
  decided_by: string | null;
  decided_at: string | null;
};
export type Decision = {
  decision: "accept" | "adjust" | "reject" | "reopen";
  value?: BoxTrackValue;
  class_name?: string;
};

export type Dataset = { id: string; name: string; query: Facts; created_at: string; num_versions?: number };
export type DatasetVersion = {
  id: string;
  dataset_id: string;
  number: number;
  digest: string;
  purpose: string;
  num_assets: number;
  num_clips: number;
  num_annotations: number;
  splits: { [name: string]: number };
  split_rule: "by_asset" | "by_shot_with_gap";
  rights_proof: Facts;
  created_at: string;
};
export type Difference = Facts;

export type Run = {
  id: string;
  name: string;
  recipe: Facts;
  version_id: string | null;
  seed: number;
  job_id: string;
  job: Job | null;
  parent_checkpoint_id: string | null;
  code_version: string;
  budget_s: number | null;
  created_at: string;
};
export type RunMetric = { step: number; values: { [name: string]: number } };
export type Checkpoint = {
  id: string;
  run_id: string | null;
  step: number;
  digest: string;
  is_final: boolean;
  card: Facts;
  config: Facts;
  created_at: string;
};

export type Engine = {
  name: string;
  title?: string;
  kinds: GenerationKind[];
  limits: Facts;
  needs_checkpoint?: boolean;
};
export type GenerationKind = "text_to_video" | "image_to_video" | "continuation";
export type Generation = {
  id: string;
  kind: GenerationKind;
  engine: string;
  spec: Facts;
  spec_digest: string;
  checkpoint_id: string | null;
  job_id: string;
  job: Job | null;
  artifact_id: string | null;
  asset_id: string | null;
  verified: "trusted" | "stranger" | "tampered" | "unsigned" | null;
  media_url?: string | null;
  poster_url?: string | null;
  created_at: string;
};
export type Metric = {
  name: string;
  value: number | null;
  low?: number | null;
  high?: number | null;
  floor?: number | null;
  ceiling?: number | null;
  higher_is_better?: boolean;
  n?: number | null;
};
export type Evaluation = {
  id: string;
  kind: string;
  checkpoint_id: string | null;
  job_id: string | null;
  job: Job | null;
  metrics: Facts;
  report_url?: string | null;
  created_at: string;
};
export type Verdict = "left" | "right" | "tie" | "both_bad";
export type Comparison = {
  id: string;
  task_id: string;
  evaluation_id: string | null;
  question: string;
  prompt: string;
  left_url: string;
  right_url: string;
  verdict: Verdict | null;
  created_at: string;
};

export type LineageNode = { id: string; noun: string; title: string; created_at?: string | null };
export type LineageEdge = { child_id: string; parent_id: string; relation: string };
export type Lineage = { nodes: LineageNode[]; edges: LineageEdge[] };

export type JobState = "queued" | "running" | "succeeded" | "failed" | "cancelled";
export type Job = {
  id: string;
  name: string;
  subject_id: string | null;
  state: JobState;
  progress: number | null;
  note: string | null;
  stage?: string | null;
  attempts?: number;
  failure?: { code?: string; detail: string; remedy?: string } | null;
  created_at: string;
  started_at?: string | null;
  finished_at?: string | null;
};
export type JobEvent = { at: string; kind: string; facts: Facts };
export type System = { version: string; storage: Facts; counts: { [name: string]: number } };
