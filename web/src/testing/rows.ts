/** Rows for tests of the studio's own logic; the server is never played by them. */
import type { Checkpoint, Job, Proposal } from "@/api/types";

export function aProposal(change: Partial<Proposal> = {}): Proposal {
  return {
    id: "prp_1",
    created_at: "2026-01-01T00:00:00Z",
    project_id: "prj_1",
    task_id: "tsk_1",
    asset_id: "ast_1",
    tracker: "motion",
    source: "model",
    confidence: 0.8,
    state: "open",
    is_reviewed: false,
    decided_by: null,
    decided_at: null,
    annotation_id: null,
    value: {
      shape: "box_track",
      class_name: "object",
      attributes: {},
      keyframes: [
        { frame: 0, pts: 0, box: [10, 10, 20, 20], is_occluded: false },
        { frame: 24, pts: 960, box: [40, 10, 20, 20], is_occluded: false },
      ],
    },
    ...change,
  };
}

export function aJob(change: Partial<Job> = {}): Job {
  return {
    id: "job_1",
    created_at: "2026-01-01T00:00:00Z",
    name: "catalog.ingest",
    subject_id: null,
    state: "succeeded",
    progress: 1,
    note: "",
    priority: 0,
    attempts: 1,
    max_attempts: 3,
    run_after: null,
    cancel_requested_at: null,
    started_at: "2026-01-01T00:00:01Z",
    finished_at: "2026-01-01T00:00:02Z",
    failure: null,
    ...change,
  };
}

export function aCheckpoint(change: Partial<Checkpoint> = {}): Checkpoint {
  return {
    id: "ckp_1",
    created_at: "2026-01-01T00:00:00Z",
    run_id: "run_1",
    step: 1,
    artifact_id: "art_1",
    digest: "0",
    is_final: true,
    is_world_model: true,
    card: {},
    config: {},
    recipe: "smoke",
    prompts: [],
    obeys_words: false,
    rooms: {},
    ...change,
  };
}
