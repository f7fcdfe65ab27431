/** The one game on screen: its line to the session, and what the player may do. What messages mean is game-state's. */
import { create } from "zustand";
import { dialSession, loadSession } from "@/api/play";
import { currentBranch } from "./branch-tree";
import { type Channel, openChannel, type Socket } from "./channel";
import { freshGame, type GameState, lastFrameOf, received, shownFrameOf } from "./game-state";
import type { ClientMessage, ServerMessage } from "./protocol";
import { actionOf, holding, lettingGo, RESTING } from "./steering";

type Surroundings = {
  readonly dial: (sessionId: string) => Socket;
  readonly askForEnd: (sessionId: string) => Promise<string | null>;
  readonly now_ms: () => number;
};

const surroundings: Surroundings = {
  dial: dialSession,
  askForEnd: async (sessionId) => {
    const session = await loadSession(sessionId);
    return session.ended_at === null ? null : session.end_reason;
  },
  now_ms: () => performance.now(),
};

export const useGame = create<GameState>(() => freshGame(null));

const { getState: now, setState: set } = useGame;
let channel: Channel | null = null;
/** An action that was asked for and that no frame has followed yet: a tap is shorter than a frame, and still counts. */
let untaken: number | null = null;

/** Sit down before a session; what was seen of another is forgotten. */
export function join(sessionId: string, { dial, askForEnd, now_ms } = surroundings): void {
  leave();
  set(freshGame(sessionId), true);
  untaken = null;
  channel = openChannel({
    dial: () => dial(sessionId),
    askForEnd: () => askForEnd(sessionId),
    onState: (line) => set(line.kind === "open" ? { line } : { line, isPlaying: false, held: [] }),
    onMessage: (message) => {
      set((game) => received(game, message, now_ms()));
      // A key that was held while the line was cut is held no more, and the session must know.
      if (message.type === "opened") steer();
      else if (untaken !== null && (!now().isPlaying || isTaken(message))) settle();
    },
  });
}

/** Get up; the session waits a few minutes for somebody to come back. */
export function leave(): void {
  if (now().isPlaying) pause();
  channel?.hangUp();
  channel = null;
}

function send(message: ClientMessage): boolean {
  const isSent = channel?.send(message) ?? false;
  if (isSent && now().trouble !== null) set({ trouble: null });
  return isSent;
}

/** Tell the session what is held. */
function steer(): void {
  const action = actionOf(now().held);
  if (send({ type: "act", action })) untaken = action === RESTING ? null : action;
}

/** What was asked for has come, or time stands still: from here on what is held counts. */
function settle(): void {
  const asked = untaken;
  untaken = null;
  if (actionOf(now().held) !== asked) steer();
}

const isTaken = (message: ServerMessage): boolean =>
  message.type === "frame" && !message.isAgain && message.action === untaken;

/** To go on from a frame that is looked back at is to go back to it: what came after is dropped. */
function standHere(): void {
  const { lookingAt } = now();
  if (lookingAt === null) return;
  send({ type: "rewind", frame: lookingAt });
  set({ lookingAt: null });
}

export function play(): void {
  if (now().isPlaying) return;
  standHere();
  // Said before it is answered, so that a second key does not ask again.
  if (send({ type: "play", fps: now().fps })) set({ isPlaying: true, arrivals: [] });
}

export function pause(): void {
  if (send({ type: "pause" })) set({ isPlaying: false });
}

export function toggle(): void {
  if (now().isPlaying) pause();
  else play();
}

export function step(): void {
  standHere();
  if (send({ type: "step", action: actionOf(now().held) })) set({ isPlaying: false });
}

export function setRate(fps: number): void {
  set({ fps });
  if (now().isPlaying) send({ type: "play", fps });
}

/** A key or a part of the pad goes down: the world moves, and goes on moving while it is held. */
export function press(action: number): void {
  const held = holding(now().held, action);
  if (held === now().held) return;
  set({ held });
  steer();
  play();
}

export function release(action: number): void {
  const before = now().held;
  const held = lettingGo(before, action);
  if (held.length === before.length) return;
  set({ held });
  if (actionOf(held) !== actionOf(before) && untaken === null) steer();
}

export function letGo(): void {
  for (const action of now().held) release(action);
}

export function say(text: string): void {
  const words = text.trim();
  if (words === "") return;
  standHere();
  if (send({ type: "say", text: words })) set((game) => ({ unheard: [...game.unheard, words] }));
}

/** Look at a frame of the past; nothing is lost by looking. */
export function look(frame: number): void {
  const last = lastFrameOf(now());
  if (now().isPlaying) pause();
  const lookingAt = Math.min(last, Math.max(0, frame));
  set({ lookingAt: lookingAt === last ? null : lookingAt });
}

export const lookBy = (frames: number): void => look(shownFrameOf(now()) + frames);

/** Go on from the frame that is shown, and keep what came after it as it is. */
export function branchHere(): void {
  const game = now();
  send({ type: "branch", branch: game.tree.current, frame: shownFrameOf(game) });
}

export function switchTo(branch: string): void {
  if (branch !== now().tree.current) send({ type: "switch", branch });
}

/** Through all branches in the order in which they were made, and round. */
export function switchToNext(): void {
  const { branches, current } = now().tree;
  const at = branches.findIndex(({ id }) => id === current);
  const next = branches[(at + 1) % branches.length];
  if (next !== undefined) switchTo(next.id);
}

/** A new branch from a new first frame; by default of the same seed. */
export function restart(seed = currentBranch(now().tree)?.seed ?? 0): void {
  send({ type: "restart", seed });
}

export function markStart(): void {
  const start = shownFrameOf(now());
  set(({ mark }) => ({ mark: { start, end: Math.max(start + 1, mark?.end ?? Number.POSITIVE_INFINITY) } }));
}

export function markEnd(): void {
  const end = shownFrameOf(now()) + 1;
  set(({ mark }) => ({ mark: { start: Math.min(end - 1, mark?.start ?? 0), end } }));
}

export const unmark = (): void => set({ mark: null });

export const dismissTrouble = (): void => set({ trouble: null });

/** End the session for good. */
export function end(): void {
  send({ type: "close" });
}
