/**
 * The frames that came, by branch, in a bounded memory.
 *
 * When it is full the past is thinned, never cut: of older frames every second one is kept, then every fourth, and those
 * at which something was said, so that a film strip still reaches back to the first.
 */
import type { FrameMessage } from "./protocol";

export type KeptFrame = Omit<FrameMessage, "type" | "branch" | "isAgain">;

/** The newest frames of a branch, which are never thinned. */
const RECENT = 96;
/** Frames that may come before the shelf is weighed again. */
const BETWEEN_WEIGHINGS = 32;

export class FrameShelf {
  readonly #maxBytes: number;
  readonly #branches = new Map<string, Map<number, KeptFrame>>();
  #spacing = 1;
  #sinceWeighed = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  put({ type: _, branch, isAgain, ...frame }: FrameMessage): void {
    const frames = this.#branches.get(branch) ?? new Map<number, KeptFrame>();
    this.#branches.set(branch, frames);
    const before = frames.get(frame.frame);
    // What is shown again was imagined before, and only then was timed.
    frames.set(frame.frame, isAgain && before !== undefined ? { ...frame, ms: before.ms } : frame);
    this.#sinceWeighed += 1;
    if (this.#sinceWeighed < BETWEEN_WEIGHINGS) return;
    this.#sinceWeighed = 0;
    if (this.bytes > this.#maxBytes) this.#thin();
  }

  /** A branch has the frames of the one that it left, up to and including that frame: the same, not copies. */
  fork(branch: string, from: string, lastFrame: number): void {
    const kept = [...(this.#branches.get(from) ?? [])].filter(([frame]) => frame <= lastFrame);
    this.#branches.set(branch, new Map(kept));
  }

  /** Gone back: what came after is no more. */
  truncate(branch: string, lastFrame: number): void {
    const frames = this.#branches.get(branch);
    for (const frame of [...(frames?.keys() ?? [])]) if (frame > lastFrame) frames?.delete(frame);
  }

  at(branch: string, frame: number): KeptFrame | null {
    return this.#branches.get(branch)?.get(frame) ?? null;
  }

  /** The kept frame that is nearest to this one and not after it; else the first that is kept. */
  near(branch: string, frame: number): KeptFrame | null {
    const frames = this.#branches.get(branch);
    if (frames === undefined) return null;
    for (let number = frame; number >= 0; number -= 1) {
      const found = frames.get(number);
      if (found !== undefined) return found;
    }
    return this.frames(branch)[0] ?? null;
  }

  /** What is kept of a branch, in order. */
  frames(branch: string): readonly KeptFrame[] {
    const frames = [...(this.#branches.get(branch)?.values() ?? [])];
    return frames.sort((one, other) => one.frame - other.frame);
  }

  /** Of pictures; a frame that branches share counts once. */
  get bytes(): number {
    const frames = new Set<KeptFrame>();
    for (const branch of this.#branches.values()) for (const frame of branch.values()) frames.add(frame);
    let total = 0;
    for (const { picture, ghost } of frames) total += picture.byteLength + (ghost?.byteLength ?? 0);
    return total;
  }

  #thin(): void {
    this.#spacing *= 2;
    for (const frames of this.#branches.values()) {
      const last = Math.max(...frames.keys());
      for (const { frame, said } of [...frames.values()])
        if (frame <= last - RECENT && frame % this.#spacing !== 0 && said === null) frames.delete(frame);
    }
  }
}
