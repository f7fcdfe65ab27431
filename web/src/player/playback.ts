/**
 * One video element under exact control: seeks land on the frame that was asked for, and the frame number is the one
 * that the compositor says it showed. Knows time and frames, no feature.
 *
 * Measured in Chromium 156: seeking to the middle of a frame is never wrong, seeking to k/fps is wrong in 24 of 60;
 * requestVideoFrameCallback's mediaTime always names the shown frame, currentTime does not.
 */
import { type FrameIndex, frameIndex } from "@/units";
import type { Address } from "./address";
import type { CanvasPainter } from "./canvas-painter";
import type { FrameTimes } from "./frame-times";

export type PlaybackState = {
  /** The frame on screen. */
  readonly frame: FrameIndex;
  readonly isPlaying: boolean;
  readonly isReady: boolean;
  readonly rate: number;
  /** The browser cannot play this file. */
  readonly isRefused: boolean;
};

export type Span = { readonly first: FrameIndex; readonly last: FrameIndex };

export class Playback {
  private state: PlaybackState = {
    frame: frameIndex(0),
    isPlaying: false,
    isReady: false,
    rate: 1,
    isRefused: false,
  };
  private readonly listeners = new Set<() => void>();
  private readonly ended = new AbortController();
  /** Where the last step or seek goes, until it is on screen. */
  private wanted: FrameIndex | null = null;
  /** The media time of the first frame; files need not begin at zero. */
  private first_s: number | null = null;
  private loop: Span | null = null;
  private reverse: ReturnType<typeof setInterval> | null = null;
  private isRenewing = false;

  constructor(
    private readonly video: HTMLVideoElement,
    readonly times: FrameTimes,
    private readonly address: Address,
    private readonly painter: CanvasPainter | null = null,
    private readonly start: FrameIndex = frameIndex(0),
  ) {
    const options = { signal: this.ended.signal };
    video.addEventListener("play", () => this.set({ isPlaying: true }), options);
    video.addEventListener("pause", () => this.set({ isPlaying: this.reverse !== null }), options);
    video.addEventListener("error", () => void this.renew(), options);
    video.addEventListener("ended", () => this.onEnded(), options);
    video.requestVideoFrameCallback((_now, shown) => this.onFirstFrame(shown.mediaTime));
    this.load(address.url);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): PlaybackState => this.state;

  /** The frame that steps count from: the one asked for last, though it may not be on screen yet. */
  get target(): FrameIndex {
    return this.wanted ?? this.state.frame;
  }

  seek(frame: number): void {
    this.stopReverse();
    const to = this.times.clamp(frame);
    const towards = to < this.target ? -1 : 1;
    this.wanted = to;
    if (this.video.error !== null) void this.renew();
    if (this.state.isRefused) this.show(to);
    if (this.first_s === null || this.state.isRefused) return;
    this.video.currentTime = this.first_s + this.times.middle(to);
    if (this.video.paused) void this.paint(to, towards);
  }

  step(by: number): void {
    this.pause();
    this.seek(this.target + by);
  }

  /** A surface shows this frame now. */
  private show(frame: FrameIndex): void {
    if (this.state.frame !== frame) this.set({ frame });
  }

  play(rate = 1): void {
    this.stopReverse();
    this.set({ rate });
    if (rate < 0) {
      this.playBackwards(rate);
      return;
    }
    this.video.playbackRate = rate;
    if (this.state.frame >= (this.loop?.last ?? this.times.last)) this.seek(this.loop?.first ?? 0);
    this.wanted = null;
    this.painter?.clear();
    if (this.video.error !== null) void this.renew(true);
    // A refused play() is shown by the state staying paused.
    this.video.play().catch(() => this.set({ isPlaying: false }));
  }

  pause(): void {
    this.stopReverse();
    this.video.pause();
  }

  toggle(): void {
    if (this.state.isPlaying) this.pause();
    else this.play(1);
  }

  /** J and L: each press doubles the speed that way, K stops. */
  shuttle(direction: 1 | -1): void {
    const { rate, isPlaying } = this.state;
    const goesOn = isPlaying && Math.sign(rate) === direction;
    this.play(goesOn ? Math.max(-4, Math.min(4, rate * 2)) : direction);
  }

  /** Plays a span round and round; null lifts it. */
  setLoop(span: Span | null): void {
    this.loop = span;
  }

  dispose(): void {
    this.stopReverse();
    this.ended.abort();
    this.painter?.dispose();
    this.listeners.clear();
  }

  /** Plays from an address, and goes on where it stood by the last one. */
  private load(url: string, isGoingOn = false): void {
    this.painter?.readFrom(url);
    this.video.src = url;
    this.set({ isRefused: false });
    if (this.first_s === null) return;
    // A new source has forgotten the place and the speed, and stands still.
    this.wanted = this.target;
    this.video.currentTime = this.first_s + this.times.middle(this.wanted);
    this.video.playbackRate = Math.max(this.state.rate, 1);
    if (isGoingOn) this.video.play().catch(() => this.set({ isPlaying: false }));
  }

  /**
   * Goes on by another address where the last may have run out; else the browser cannot play this. A video that fails is
   * paused, but says so only after its error.
   */
  private async renew(isGoingOn = this.state.isPlaying && this.reverse === null): Promise<void> {
    if (this.isRenewing) return;
    this.isRenewing = true;
    const url = await this.address.renew();
    this.isRenewing = false;
    if (this.ended.signal.aborted) return;
    if (url !== null) {
      this.load(url, isGoingOn);
      return;
    }
    this.set({ isRefused: true });
    this.show(this.target);
  }

  /** Shows the frame by WebCodecs where that works; the video element arrives there a little later anyway. */
  private async paint(frame: FrameIndex, towards: number): Promise<void> {
    try {
      const isPainted = await this.painter?.paint(
        frame,
        towards,
        () => this.target === frame && this.video.paused,
      );
      if (isPainted === true) this.show(frame);
    } catch (error) {
      console.warn(`Frame ${frame} was not decoded here; the video element shows it.`, error);
    }
  }

  private onFirstFrame(mediaTime: number): void {
    if (this.ended.signal.aborted) return;
    this.first_s = mediaTime;
    this.set({ isReady: true });
    this.onFrame(mediaTime);
    this.video.requestVideoFrameCallback(this.nextFrame);
    const opening = this.wanted ?? this.start;
    if (opening > 0) this.seek(opening);
  }

  private readonly nextFrame = (_now: number, shown: VideoFrameCallbackMetadata): void => {
    if (this.ended.signal.aborted) return;
    this.onFrame(shown.mediaTime);
    this.video.requestVideoFrameCallback(this.nextFrame);
  };

  private onFrame(mediaTime: number): void {
    const frame = this.times.nearest(mediaTime - (this.first_s ?? 0));
    // While a seek is under way older frames may still arrive; they are not where the person is.
    if (this.wanted !== null && this.wanted !== frame && this.video.seeking) return;
    this.wanted = null;
    this.painter?.yieldTo(frame);
    this.show(frame);
    if (this.loop !== null && !this.video.paused && frame >= this.loop.last)
      this.video.currentTime = this.loopStart_s();
  }

  private onEnded(): void {
    if (this.loop === null) return;
    this.video.currentTime = this.loopStart_s();
    this.video.play().catch(() => this.set({ isPlaying: false }));
  }

  private loopStart_s(): number {
    return (this.first_s ?? 0) + this.times.middle(this.loop?.first ?? 0);
  }

  private playBackwards(rate: number): void {
    this.video.pause();
    const interval_ms = 1000 / Math.min(24, 12 * -rate);
    this.reverse = setInterval(() => this.stepBack(Math.max(1, Math.round(-rate))), interval_ms);
    this.set({ isPlaying: true });
  }

  private stepBack(by: number): void {
    const to = this.times.clamp(this.target - by);
    if (this.first_s !== null && !this.video.seeking) {
      this.wanted = to;
      this.video.currentTime = this.first_s + this.times.middle(to);
    }
    if (to === 0) this.pause();
  }

  private stopReverse(): void {
    if (this.reverse === null) return;
    clearInterval(this.reverse);
    this.reverse = null;
    this.set({ isPlaying: false });
  }

  private set(change: Partial<PlaybackState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
