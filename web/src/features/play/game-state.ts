/**
 * What a game is, and what each message of the server's makes of it.
 *
 * Pure but for the shelf: frames are put there, and `version` says that it holds others now.
 */
import { assertNever } from "@/units";
import { type BranchTree, currentBranch, withBranch, withLastFrame } from "./branch-tree";
import type { ChannelState } from "./channel";
import { FrameShelf } from "./frame-shelf";
import type { Opened, ServerMessage } from "./protocol";
import type { Held } from "./steering";

/** Frames [start, end) of the current branch. */
export type Span = { readonly start: number; readonly end: number };
export type Trouble = { readonly code: string; readonly message: string; readonly remedy: string };

export type GameState = {
  readonly sessionId: string | null;
  readonly line: ChannelState;
  readonly opened: Opened | null;
  readonly tree: BranchTree;
  readonly shelf: FrameShelf;
  readonly version: number;
  /** A frame of the past that is looked at; null at the end, where the world goes on. */
  readonly lookingAt: number | null;
  readonly isPlaying: boolean;
  /** The rate that is asked for; what is reached is measured. */
  readonly fps: number;
  readonly held: Held;
  /** Said, and not yet heard by the world. */
  readonly unheard: readonly string[];
  readonly trouble: Trouble | null;
  /** What the session is busy with before its next frame. */
  readonly note: string;
  /** When the newest frames came, in milliseconds. */
  readonly arrivals: readonly number[];
  /** What is to be saved; null for the whole branch. */
  readonly mark: Span | null;
};

const MEMORY_BYTES = 96 * 2 ** 20;
const NUM_ARRIVALS = 24;

export function freshGame(sessionId: string | null): GameState {
  return {
    sessionId,
    line: { kind: "connecting" },
    opened: null,
    tree: { branches: [], current: "" },
    shelf: new FrameShelf(MEMORY_BYTES),
    version: 0,
    lookingAt: null,
    isPlaying: false,
    fps: 8,
    held: [],
    unheard: [],
    trouble: null,
    note: "",
    arrivals: [],
    mark: null,
  };
}

export const numFramesOf = (game: GameState): number => currentBranch(game.tree)?.numFrames ?? 0;
export const lastFrameOf = (game: GameState): number => Math.max(0, numFramesOf(game) - 1);
export const shownFrameOf = (game: GameState): number => game.lookingAt ?? lastFrameOf(game);

/** Another place to stand: nothing looked back at, nothing marked, nothing left to be heard. */
const elsewhere = { lookingAt: null, mark: null, unheard: [], isPlaying: false } as const;

export function received(game: GameState, message: ServerMessage, now_ms: number): GameState {
  switch (message.type) {
    case "opened":
      return opened(game, message);
    case "frame": {
      game.shelf.put(message);
      const tree = withLastFrame(game.tree, message.branch, message.frame, message.said);
      const next = { ...game, tree, version: game.version + 1, note: "" };
      if (message.isAgain) return next;
      const unheard = message.said === null ? game.unheard : [];
      // A frame that was asked for alone says nothing of how fast they come.
      const arrivals = game.isPlaying ? [...game.arrivals.slice(1 - NUM_ARRIVALS), now_ms] : game.arrivals;
      return { ...next, unheard, arrivals };
    }
    case "rewound":
      game.shelf.truncate(message.branch, message.frame);
      return { ...game, ...elsewhere, tree: withLastFrame(game.tree, message.branch, message.frame) };
    case "branched": {
      const { type: _, ...origin } = message;
      if (origin.fromBranch !== null && origin.fromFrame !== null)
        game.shelf.fork(origin.id, origin.fromBranch, origin.fromFrame);
      return { ...game, ...elsewhere, tree: withBranch(game.tree, origin) };
    }
    case "switched":
      return { ...game, ...elsewhere, tree: { ...game.tree, current: message.branch } };
    case "playing":
      return { ...game, isPlaying: true, fps: message.fps, arrivals: [], lookingAt: null };
    case "paused":
      return { ...game, isPlaying: false };
    case "error": {
      const { code, detail, remedy } = message;
      const unheard = isOfWords(code) ? game.unheard.slice(0, -1) : game.unheard;
      return { ...game, unheard, trouble: { code, message: detail, remedy } };
    }
    case "waiting":
      return { ...game, note: message.detail };
    case "closed":
      return { ...game, isPlaying: false };
    default:
      return assertNever(message);
  }
}

/** First, or again after the line was cut: then what was seen is still known, as far as the session kept it. */
function opened(game: GameState, message: Opened): GameState {
  for (const branch of message.branches) {
    const isNew = game.shelf.frames(branch.id).length === 0;
    if (isNew && branch.fromBranch !== null && branch.fromFrame !== null)
      game.shelf.fork(branch.id, branch.fromBranch, branch.fromFrame);
    game.shelf.truncate(branch.id, branch.numFrames - 1);
  }
  return {
    ...game,
    ...elsewhere,
    opened: message,
    tree: { branches: message.branches, current: message.branch },
    fps: game.opened === null ? message.fps : game.fps,
    isPlaying: message.isPlaying,
    version: game.version + 1,
    note: "",
  };
}

const isOfWords = (code: string): boolean =>
  code === "worldmodel.empty_prompt" || code === "worldmodel.prompt_too_long";

/** Frames a second, as they came; null before there are enough to tell. */
export function measuredRate(arrivals: readonly number[]): number | null {
  const [first] = arrivals;
  const last = arrivals.at(-1);
  if (first === undefined || last === undefined || arrivals.length < 4 || last === first) return null;
  return ((arrivals.length - 1) * 1000) / (last - first);
}

/** What is marked, or all of it, within what there is. */
export function spanToSave(game: GameState): Span {
  const numFrames = numFramesOf(game);
  const end = Math.min(game.mark?.end ?? numFrames, numFrames);
  return { start: Math.min(game.mark?.start ?? 0, Math.max(0, end - 1)), end };
}
