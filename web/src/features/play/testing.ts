/** Messages for tests of what the page does with them. */
import { type FrameMessage, type Opened, pack } from "./protocol";

export function aFrame(change: Partial<FrameMessage> = {}): FrameMessage {
  return {
    type: "frame",
    branch: "b0",
    frame: 0,
    action: 0,
    said: null,
    ms: 40,
    drift: 0.02,
    ghostNote: "",
    isImagined: true,
    isAgain: false,
    picture: new Uint8Array(2 * 2 * 3),
    ghost: null,
    ...change,
  };
}

export function anOpening(change: Partial<Opened> = {}): Opened {
  return {
    type: "opened",
    checkpoint: {
      id: "ckp_1",
      digest: "ab".repeat(32),
      name: "nano, step 900",
      size: "nano",
      parameters: 1e6,
    },
    width: 2,
    height: 2,
    fps: 8,
    steps: 2,
    actions: ["stay", "left", "right", "up", "down"].map((name, id) => ({
      id,
      name,
      key: name === "stay" ? " " : `Arrow${name[0]?.toUpperCase()}${name.slice(1)}`,
    })),
    room: "arcade",
    prompt: "a red circle",
    hasGhost: true,
    scene: "a red circle",
    hearsWords: false,
    window: 8,
    branch: "b0",
    branches: [{ id: "b0", seed: 7, fromBranch: null, fromFrame: null, numFrames: 1, said: [] }],
    isPlaying: false,
    ...change,
  };
}

/** The same, as the server writes it. */
export const openingOnTheWire = {
  type: "opened",
  session: "ses_1",
  checkpoint: anOpening().checkpoint,
  width: 2,
  height: 2,
  fps: 8,
  steps: 2,
  actions: anOpening().actions,
  room: null,
  prompt: "",
  seed: 7,
  has_ghost: false,
  scene: "",
  hears_words: false,
  window: 8,
  max_text_tokens: 32,
  branch: "b0",
  branches: [
    {
      id: "b0",
      seed: 7,
      from_branch: null,
      from_frame: null,
      num_frames: 1,
      said: [{ frame: 0, words: "a red circle" }],
    },
  ],
  is_playing: false,
  idle_s: 300,
};

export const onTheWire = {
  actions: anOpening().actions,
  frame: (frame: number, action = 0): ArrayBuffer =>
    pack(
      { type: "frame", branch: "b0", frame, action, said: null, ms: 40, ghost: false, drift: null },
      aFrame().picture,
    ),
};
