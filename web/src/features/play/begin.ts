/** From what one chose at the door to what the server is asked for. Pure. */
import type { SessionIn } from "@/api/types";

export type Beginning =
  | {
      readonly kind: "room";
      readonly room: string;
      readonly seed: number;
      /** Who answers, as the room's card shows it. */
      readonly checkpointId: string;
    }
  | { readonly kind: "words"; readonly prompt: string }
  | { readonly kind: "picture"; readonly image: string; readonly prompt: string }
  | { readonly kind: "footage"; readonly assetId: string; readonly frame: number; readonly prompt: string };

export type Choices = {
  /** Empty for the newest that knows what is begun. */
  readonly checkpointId: string;
  /** Empty for what suits the network. */
  readonly engine: string;
  readonly steps: number;
  readonly fps: number;
  /** Null: a room's own, else 0. */
  readonly seed: number | null;
};

export const freshChoices: Choices = { checkpointId: "", engine: "", steps: 2, fps: 8, seed: null };

export const MAX_SEED = 2 ** 31 - 1;
export const anySeed = (): number => Math.floor(Math.random() * 10_000);

export function sessionFrom(
  beginning: Beginning,
  { engine, steps, fps, seed, ...choices }: Choices,
): SessionIn {
  const ownSeed = beginning.kind === "room" ? beginning.seed : 0;
  const checkpointId = beginning.kind === "room" ? beginning.checkpointId : choices.checkpointId;
  return {
    ...(checkpointId === "" ? {} : { checkpoint_id: checkpointId }),
    ...(engine === "" ? {} : { engine }),
    steps,
    fps,
    seed: seed ?? ownSeed,
    ...firstFrameOf(beginning),
  };
}

function firstFrameOf(beginning: Beginning): SessionIn {
  switch (beginning.kind) {
    case "room":
      return { room: beginning.room };
    case "words":
      return { prompt: beginning.prompt.trim() };
    case "picture":
      return { image: beginning.image, prompt: beginning.prompt.trim() };
    case "footage":
      return { asset_id: beginning.assetId, frame: beginning.frame, prompt: beginning.prompt.trim() };
  }
}
