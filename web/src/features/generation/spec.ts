/** From the form to what the server is asked for. Pure: choices that the kind has no use for are left out. */
import type { GenerationIn } from "@/api/types";

export type Draft = {
  readonly kind: "text_to_video" | "image_to_video" | "continuation";
  readonly engine: string;
  readonly prompt: string;
  /** Empty: the newest that was taught to obey words, or to go on from footage where some is given. */
  readonly checkpoint_id: string;
  readonly asset_id: string;
  /** The first frame that is made; those before it are given. */
  readonly start_frame: number;
  readonly num_frames: number;
  readonly first_steps: number;
  readonly steps: number;
  readonly guidance: number;
  readonly seed: number;
};

export const freshDraft: Draft = {
  kind: "text_to_video",
  engine: "",
  prompt: "",
  checkpoint_id: "",
  asset_id: "",
  start_frame: 24,
  num_frames: 8,
  first_steps: 16,
  steps: 2,
  guidance: 1,
  seed: 0,
};

export function specFrom({ asset_id, start_frame, checkpoint_id, ...draft }: Draft): GenerationIn {
  return {
    ...draft,
    ...(checkpoint_id === "" ? {} : { checkpoint_id }),
    ...(draft.kind === "text_to_video" ? {} : { asset_id, start_frame }),
  };
}
