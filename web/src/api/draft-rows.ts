/** Shapes of v1 rows whose routes the server does not describe yet; each goes as its route comes. */
export type Page<Row> = { items: Row[]; next_cursor: string | null };

export type Facts = { [key: string]: unknown };

export type Engine = { name: string; kinds?: string[]; limits?: Facts };
export type Generation = {
  id: string;
  kind: string;
  engine: string;
  spec: Facts;
  spec_digest: string;
  checkpoint_id: string | null;
  job_id: string | null;
  artifact_id: string | null;
  asset_id: string | null;
  verified: string | null;
  media_url?: string | null;
  poster_url?: string | null;
  created_at: string;
};
export type Evaluation = {
  id: string;
  kind: string;
  checkpoint_id: string | null;
  job_id: string | null;
  metrics: Facts | null;
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
