import type { FrameIndex } from "@/units";
import { FrameDecoder } from "./frame-decoder";
import type { FrameTimes } from "./frame-times";

/** Lays decoded frames over the video element while it is still on its way there. */
export class CanvasPainter {
  private decoder: Promise<FrameDecoder | null> | null = null;
  private url = "";
  private painted: FrameIndex | null = null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly times: FrameTimes,
  ) {}

  readFrom(url: string): void {
    this.close();
    this.url = url;
  }

  /** Paints a frame unless something newer is wanted by then; true if it is on screen now. */
  async paint(frame: FrameIndex, towards: number, isWanted: () => boolean): Promise<boolean> {
    this.decoder ??= FrameDecoder.open(this.url, this.times);
    const decoder = await this.decoder;
    const picture = await decoder?.picture(frame, towards);
    const context = this.canvas.getContext("2d");
    if (!picture || context === null || !isWanted()) return false;
    if (this.canvas.width !== picture.width) this.canvas.width = picture.width;
    if (this.canvas.height !== picture.height) this.canvas.height = picture.height;
    context.drawImage(picture, 0, 0);
    this.canvas.hidden = false;
    this.painted = frame;
    return true;
  }

  /** The video element shows `frame`: what is painted over it stays only if it is the same. */
  yieldTo(frame: FrameIndex): void {
    if (this.painted !== null && this.painted !== frame) this.clear();
  }

  clear(): void {
    this.canvas.hidden = true;
    this.painted = null;
  }

  dispose(): void {
    this.clear();
    this.close();
  }

  private close(): void {
    // One that never opened has said so where it was asked to paint.
    this.decoder?.then((decoder) => decoder?.dispose()).catch(() => undefined);
    this.decoder = null;
  }
}
