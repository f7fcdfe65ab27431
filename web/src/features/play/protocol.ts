/**
 * The messages of a session's channel: 4 bytes of length, a JSON header, bytes. docs/guides/play.md is the protocol.
 * Pure. The wire's snake_case ends here; what does not fit is a BadMessage and never a guess.
 */

export type Action = { readonly id: number; readonly name: string; readonly key: string };
export type Said = { readonly frame: number; readonly words: string };
export type Branch = {
  readonly id: string;
  readonly seed: number;
  readonly fromBranch: string | null;
  readonly fromFrame: number | null;
  readonly numFrames: number;
  /** What was said in it, the newest last. */
  readonly said: readonly Said[];
};
export type Origin = Omit<Branch, "numFrames" | "said">;
export type Opened = {
  readonly type: "opened";
  readonly checkpoint: {
    readonly id: string;
    readonly digest: string;
    readonly name: string;
    readonly size: string;
    readonly parameters: number;
  };
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly steps: number;
  readonly actions: readonly Action[];
  readonly room: string | null;
  readonly prompt: string;
  readonly hasGhost: boolean;
  /** What the ghost stands for, in words; empty without one. */
  readonly scene: string;
  /** Whether training said words while such clips ran. */
  readonly hearsWords: boolean;
  /** How many frames the network was trained on at a time. */
  readonly window: number;
  readonly branch: string;
  readonly branches: readonly Branch[];
  readonly isPlaying: boolean;
};
export type Picture = Uint8Array<ArrayBuffer>;
export type FrameMessage = {
  readonly type: "frame";
  readonly branch: string;
  readonly frame: number;
  readonly action: number;
  readonly said: string | null;
  readonly ms: number;
  /** Frame heights between where the imagination has the thing and where it truly is. */
  readonly drift: number | null;
  readonly ghostNote: string;
  readonly isImagined: boolean;
  readonly isAgain: boolean;
  /** RGB8, row by row. */
  readonly picture: Picture;
  readonly ghost: Picture | null;
};
export type ServerMessage =
  | Opened
  | FrameMessage
  | { readonly type: "waiting"; readonly state: string; readonly detail: string }
  | { readonly type: "rewound" | "switched"; readonly branch: string; readonly frame: number }
  | ({ readonly type: "branched" } & Origin)
  | { readonly type: "playing"; readonly fps: number }
  | { readonly type: "paused" }
  | { readonly type: "error"; readonly code: string; readonly detail: string; readonly remedy: string }
  | { readonly type: "closed"; readonly reason: string };

export type ClientMessage =
  | { readonly type: "act"; readonly action: number }
  | { readonly type: "say"; readonly text: string }
  | { readonly type: "play"; readonly fps: number }
  | { readonly type: "pause" }
  | { readonly type: "step"; readonly action: number }
  | { readonly type: "rewind"; readonly frame: number }
  | { readonly type: "branch"; readonly branch: string; readonly frame: number }
  | { readonly type: "switch"; readonly branch: string }
  | { readonly type: "restart"; readonly seed: number }
  | { readonly type: "close" };

export class BadMessage extends Error {}

const LENGTH_BYTES = 4;

export function pack(message: object, payload: Uint8Array = new Uint8Array()): ArrayBuffer {
  const head = new TextEncoder().encode(JSON.stringify(message));
  const packed = new Uint8Array(LENGTH_BYTES + head.length + payload.length);
  new DataView(packed.buffer).setUint32(0, head.length);
  packed.set(head, LENGTH_BYTES);
  packed.set(payload, LENGTH_BYTES + head.length);
  return packed.buffer;
}

/** Null for a type that this studio does not know yet: a newer server may say more. */
export function unpack(message: ArrayBuffer): ServerMessage | null {
  if (message.byteLength < LENGTH_BYTES) throw new BadMessage("A message is shorter than its length.");
  const end = LENGTH_BYTES + new DataView(message).getUint32(0);
  if (end > message.byteLength) throw new BadMessage("A header is longer than its message.");
  const header: unknown = JSON.parse(new TextDecoder().decode(message.slice(LENGTH_BYTES, end)));
  return read(new Fields(header), new Uint8Array(message, end));
}

function read(of: Fields, payload: Picture): ServerMessage | null {
  const type = of.text("type");
  switch (type) {
    case "opened":
      return readOpened(of);
    case "frame":
      return readFrame(of, payload);
    case "waiting":
      return { type, state: of.text("state"), detail: of.text("detail") };
    case "rewound":
    case "switched":
      return { type, branch: of.text("branch"), frame: of.number("frame") };
    case "branched":
      return { type, ...readOrigin(of, "branch") };
    case "playing":
      return { type, fps: of.number("fps") };
    case "paused":
      return { type };
    case "error":
      return { type, code: of.text("code"), detail: of.text("detail"), remedy: of.text("remedy") };
    case "closed":
      return { type, reason: of.text("reason") };
    default:
      return null;
  }
}

function readOpened(of: Fields): Opened {
  const checkpoint = of.object("checkpoint");
  return {
    type: "opened",
    checkpoint: {
      id: checkpoint.text("id"),
      digest: checkpoint.text("digest"),
      name: checkpoint.text("name"),
      size: checkpoint.text("size"),
      parameters: checkpoint.number("parameters"),
    },
    width: of.number("width"),
    height: of.number("height"),
    fps: of.number("fps"),
    steps: of.number("steps"),
    actions: of
      .list("actions")
      .map((action) => ({ id: action.number("id"), name: action.text("name"), key: action.text("key") })),
    room: of.textOrNull("room"),
    prompt: of.text("prompt"),
    hasGhost: of.flag("has_ghost"),
    scene: of.text("scene"),
    hearsWords: of.flag("hears_words"),
    window: of.number("window"),
    branch: of.text("branch"),
    branches: of.list("branches").map((branch) => ({
      ...readOrigin(branch, "id"),
      numFrames: branch.number("num_frames"),
      said: branch.list("said").map((said) => ({ frame: said.number("frame"), words: said.text("words") })),
    })),
    isPlaying: of.flag("is_playing"),
  };
}

function readOrigin(of: Fields, id: string): Origin {
  return {
    id: of.text(id),
    seed: of.number("seed"),
    fromBranch: of.textOrNull("from_branch"),
    fromFrame: of.numberOrNull("from_frame"),
  };
}

function readFrame(of: Fields, payload: Picture): FrameMessage {
  const hasGhost = of.flag("ghost");
  const size = hasGhost ? payload.length / 2 : payload.length;
  if (!Number.isInteger(size) || size === 0) throw new BadMessage("A frame's pictures are cut short.");
  return {
    type: "frame",
    branch: of.text("branch"),
    frame: of.number("frame"),
    action: of.number("action"),
    said: of.textOrNull("said"),
    ms: of.number("ms"),
    drift: of.numberOrNull("drift"),
    ghostNote: of.textOrNull("ghost_note") ?? "",
    isImagined: of.flag("is_imagined"),
    isAgain: of.flag("is_again"),
    picture: payload.subarray(0, size),
    ghost: hasGhost ? payload.subarray(size) : null,
  };
}

/** Fields of a JSON object, each of the kind that it must be. */
class Fields {
  readonly #fields: object;

  constructor(value: unknown) {
    if (typeof value !== "object" || value === null) throw new BadMessage("A header is no object.");
    this.#fields = value;
  }

  #get(name: string): unknown {
    return Reflect.get(this.#fields, name);
  }

  text(name: string): string {
    const value = this.#get(name);
    if (typeof value !== "string") throw new BadMessage(`${name} is no text.`);
    return value;
  }

  textOrNull(name: string): string | null {
    return this.#get(name) == null ? null : this.text(name);
  }

  number(name: string): number {
    const value = this.#get(name);
    if (typeof value !== "number") throw new BadMessage(`${name} is no number.`);
    return value;
  }

  numberOrNull(name: string): number | null {
    return this.#get(name) == null ? null : this.number(name);
  }

  flag(name: string): boolean {
    return this.#get(name) === true;
  }

  object(name: string): Fields {
    return new Fields(this.#get(name));
  }

  list(name: string): readonly Fields[] {
    const value = this.#get(name);
    if (!Array.isArray(value)) throw new BadMessage(`${name} is no list.`);
    return value.map((each: unknown) => new Fields(each));
  }
}
