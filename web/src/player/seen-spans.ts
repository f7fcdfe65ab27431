/** Which frames were on screen since the last note to the event log. Pure. */
import type { FrameIndex } from "@/units";

export type SeenSpan = { readonly start_frame: number; readonly end_frame: number };

/**
 * Collects frames into half-open spans. Playback may skip a few frames, so a small step forward belongs to the same
 * span; a jump begins another.
 */
export class SeenSpans {
  private spans: { start_frame: number; end_frame: number }[] = [];

  constructor(private readonly bridge_frames: number = 12) {}

  see(frame: FrameIndex): void {
    const near = this.spans.find(
      (span) => frame >= span.start_frame - this.bridge_frames && frame < span.end_frame + this.bridge_frames,
    );
    if (near === undefined) {
      this.spans.push({ start_frame: frame, end_frame: frame + 1 });
      return;
    }
    near.start_frame = Math.min(near.start_frame, frame);
    near.end_frame = Math.max(near.end_frame, frame + 1);
  }

  /** A span that was taken and could not be noted. */
  giveBack(span: SeenSpan): void {
    this.spans.push({ ...span });
  }

  /** The spans since the last call, joined where they touch. */
  take(): SeenSpan[] {
    const sorted = this.spans.sort((a, b) => a.start_frame - b.start_frame);
    this.spans = [];
    const joined: { start_frame: number; end_frame: number }[] = [];
    for (const span of sorted) {
      const last = joined.at(-1);
      if (last !== undefined && span.start_frame <= last.end_frame + this.bridge_frames)
        last.end_frame = Math.max(last.end_frame, span.end_frame);
      else joined.push({ ...span });
    }
    return joined;
  }
}
