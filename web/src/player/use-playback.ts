import { useEffect, useState, useSyncExternalStore } from "react";
import { type FrameIndex, frameIndex } from "@/units";
import { Address } from "./address";
import { CanvasPainter } from "./canvas-painter";
import type { FrameTimes } from "./frame-times";
import { Playback, type PlaybackState } from "./playback";

export type Surface = { readonly video: HTMLVideoElement; readonly canvas: HTMLCanvasElement };

/** A playback over the surface that <Stage> hands out; null until there is one. */
export function usePlayback(
  times: FrameTimes | null,
  url: string | null,
  renew: () => Promise<string>,
  start: FrameIndex = frameIndex(0),
) {
  const [surface, setSurface] = useState<Surface | null>(null);
  const [playback, setPlayback] = useState<Playback | null>(null);
  // The opening frame is read once; later changes of the address must not restart the player.
  const [opening] = useState(start);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new closure of `renew` asks for the same file
  useEffect(() => {
    if (surface === null || times === null || url === null) return;
    const painter = new CanvasPainter(surface.canvas, times);
    const made = new Playback(surface.video, times, new Address(url, renew), painter, opening);
    setPlayback(made);
    return () => {
      made.dispose();
      setPlayback(null);
    };
  }, [surface, times, url, opening]);
  return { playback, setSurface };
}

const idle: PlaybackState = {
  frame: frameIndex(0),
  isPlaying: false,
  isReady: false,
  rate: 1,
  isRefused: false,
};
const never = () => () => undefined;
const idleSnapshot = () => idle;

export function usePlaybackState(playback: Playback | null): PlaybackState {
  return useSyncExternalStore(playback?.subscribe ?? never, playback?.snapshot ?? idleSnapshot);
}
