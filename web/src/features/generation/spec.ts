/** From the form to what the server is asked for. Pure: empty choices are left out, so that the engine's own defaults hold. */
import type { Facts } from "@/api/types";

export type Draft = {
  readonly kind: "text_to_video" | "continuation";
  readonly engine: string;
  readonly prompt: string;
  readonly checkpoint_id: string;
  readonly asset_id: string;
  readonly start_frame: number;
  readonly num_frames: number;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
};

export function specFrom(draft: Draft): Facts {
  const { kind, engine, prompt, checkpoint_id, asset_id, start_frame, num_frames, seed, steps, guidance } =
    draft;
  return {
    kind,
    engine,
    prompt,
    num_frames,
    seed,
    steps,
    guidance,
    ...(checkpoint_id === "" ? {} : { checkpoint_id }),
    ...(kind === "continuation" ? { asset_id, start_frame } : {}),
  };
}
