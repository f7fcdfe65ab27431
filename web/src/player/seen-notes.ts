import type { FrameIndex } from "@/units";
import { type SeenSpan, SeenSpans } from "./seen-spans";

const NOTE_EVERY_MS = 5000;
const LONGEST_WAIT_MS = 300_000;

/**
 * Sends which frames were on screen, every few seconds. What could not be noted is sent again, ever later, also when
 * nobody looks any more.
 */
export class SeenNotes {
  private readonly seen = new SeenSpans();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;

  /** note: rejects only where the same span may be accepted later. */
  constructor(private readonly note: (span: SeenSpan) => Promise<void>) {}

  see(frame: FrameIndex): void {
    this.seen.see(frame);
    this.wait();
  }

  readonly flush = async (): Promise<void> => {
    clearTimeout(this.timer);
    this.timer = undefined;
    const lost = await Promise.all(this.seen.take().map((span) => this.send(span)));
    this.failures = lost.includes(true) ? this.failures + 1 : 0;
    if (this.failures > 0) this.wait();
  };

  /** True if the span must be sent again. */
  private async send(span: SeenSpan): Promise<boolean> {
    try {
      await this.note(span);
      return false;
    } catch (error) {
      this.seen.giveBack(span);
      console.warn("A view could not be noted yet.", error);
      return true;
    }
  }

  private wait(): void {
    this.timer ??= setTimeout(this.flush, Math.min(NOTE_EVERY_MS * 2 ** this.failures, LONGEST_WAIT_MS));
  }
}
