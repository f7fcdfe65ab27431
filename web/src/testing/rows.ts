/** Rows for tests of the studio's own logic; the server is never played by them. */
import type { Proposal } from "@/api/types";

export function aProposal(change: Partial<Proposal> = {}): Proposal {
  return {
    id: "prp_1",
    project_id: "prj_1",
    asset_id: "ast_1",
    tracker: "motion",
    confidence: 0.8,
    state: "open",
    decided_by: null,
    decided_at: null,
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
