/**
 * When each frame of an asset is shown. Pure.
 *
 * Built from the true pts table of ingest, never from k/fps: a quarter of naive seeks land one frame off,
 * and a variable rate has no fps at all. Times here are seconds after the first frame.
 */
import { type FrameIndex, frameIndex, type Seconds, seconds } from "@/units";

export class FrameTimes {
  private readonly starts_s: readonly number[];

  /** pts: rising, one for each frame. timeBase: seconds per tick, as numerator and denominator. */
  constructor(pts: readonly number[], timeBase: readonly number[]) {
    const [num = 0, den = 1] = timeBase;
    const first = pts[0] ?? 0;
    this.starts_s = pts.map((value) => ((value - first) * num) / den);
  }

  get numFrames(): number {
    return this.starts_s.length;
  }

  get last(): FrameIndex {
    return frameIndex(this.numFrames - 1);
  }

  start(frame: number): Seconds {
    return seconds(this.starts_s[this.clamp(frame)] ?? 0);
  }

  /** The end of a frame: the start of the next, and for the last one as long again as the one before. */
  end(frame: number): Seconds {
    const at = this.clamp(frame);
    const next = this.starts_s[at + 1];
    return seconds(next ?? this.start(at) + this.typicalGap(at));
  }

  /** Where to seek so that any rounding still lands inside the frame. */
  middle(frame: number): Seconds {
    return seconds((this.start(frame) + this.end(frame)) / 2);
  }

  get duration(): Seconds {
    return this.numFrames === 0 ? seconds(0) : this.end(this.last);
  }

  /** The frame whose start lies nearest: for a media time that a browser or decoder reports with rounding. */
  nearest(time_s: number): FrameIndex {
    const at = this.showing(time_s);
    const isNextNearer = at < this.last && this.start(at + 1) - time_s < time_s - this.start(at);
    return frameIndex(isNextNearer ? at + 1 : at);
  }

  /** The frame on screen at a time: the last one that has started. */
  showing(time_s: number): FrameIndex {
    let low = 0;
    let high = this.numFrames - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts_s[middle] ?? 0) <= time_s) low = middle;
      else high = middle - 1;
    }
    return frameIndex(low);
  }

  clamp(frame: number): FrameIndex {
    return frameIndex(Math.min(Math.max(0, frame), Math.max(0, this.numFrames - 1)));
  }

  private typicalGap(frame: number): number {
    const gap = frame > 0 ? this.start(frame) - this.start(frame - 1) : 0;
    return gap > 0 ? gap : 1 / 30;
  }
}
