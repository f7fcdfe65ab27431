/**
 * Single frames by WebCodecs, for stepping: about 30 ms a frame at random and far less along the way.
 *
 * Needs a secure context (localhost or https) and a codec that the browser decodes; `open` gives null where it cannot,
 * and the player falls back to seeking the video element. mediabunny is loaded on first use.
 */
import type { Input, WrappedCanvas } from "mediabunny";
import type { FrameIndex } from "@/units";
import type { FrameTimes } from "./frame-times";

type Picture = WrappedCanvas["canvas"];
type Sink = { canvases(start_s: number, end_s: number): AsyncGenerator<WrappedCanvas, void, unknown> };

/** About two short GOPs each way: a turn of direction is answered from memory. */
const KEPT_FRAMES = 64;
const AHEAD_FRAMES = 14;
const BEHIND_FRAMES = 3;

export class FrameDecoder {
  private readonly kept = new Map<number, Picture>();
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly input: Input,
    private readonly sink: Sink,
    private readonly times: FrameTimes,
    private readonly first_s: number,
  ) {}

  static async open(url: string, times: FrameTimes): Promise<FrameDecoder | null> {
    if (!("VideoDecoder" in globalThis)) return null;
    const { CanvasSink, Input, MATROSKA, MP4, QTFF, UrlSource, WEBM } = await import("mediabunny");
    const input = new Input({
      formats: [MP4, QTFF, WEBM, MATROSKA],
      source: new UrlSource(new URL(url, location.href)),
    });
    const track = await input.getPrimaryVideoTrack();
    if (track === null || !(await track.canDecode())) {
      input.dispose();
      return null;
    }
    return new FrameDecoder(input, new CanvasSink(track), times, await track.getFirstTimestamp());
  }

  /** The picture of a frame; `towards` (-1 or 1) says where the next ones will be wanted. Null if the file has none there. */
  async picture(frame: FrameIndex, towards: number): Promise<Picture | null> {
    const known = this.kept.get(frame);
    if (known !== undefined) return known;
    // One decoding at a time: a second would fight the first for the decoder and neither would be quick.
    const turn = this.turn.then(() => (this.kept.has(frame) ? undefined : this.decodeAround(frame, towards)));
    this.turn = turn.catch(() => undefined);
    await turn;
    return this.kept.get(frame) ?? null;
  }

  dispose(): void {
    this.kept.clear();
    this.input.dispose();
  }

  private async decodeAround(frame: FrameIndex, towards: number): Promise<void> {
    const from = this.times.clamp(frame - (towards < 0 ? AHEAD_FRAMES : BEHIND_FRAMES));
    const to = this.times.clamp(frame + (towards < 0 ? BEHIND_FRAMES : AHEAD_FRAMES));
    const start_s = this.first_s + this.times.middle(from);
    const end_s = this.first_s + this.times.middle(to);
    for await (const { canvas, timestamp } of this.sink.canvases(start_s, end_s)) {
      const found = this.times.nearest(timestamp - this.first_s);
      this.kept.delete(found);
      this.kept.set(found, canvas);
    }
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= KEPT_FRAMES) break;
      this.kept.delete(oldest);
    }
  }
}
