/** One object over time: boxes fixed at keyframes, straight lines between them. The server's JSON, and nothing else. */
import type { BoxTrackValue, Keyframe } from "@/api/types";
import type { FrameIndex, Pts } from "@/units";
import type { Box } from "./box";

export function firstFrame(track: BoxTrackValue): number {
  return track.keyframes[0]?.frame ?? 0;
}

export function lastFrame(track: BoxTrackValue): number {
  return track.keyframes.at(-1)?.frame ?? 0;
}

/** The box at a frame, or null outside the track's span. */
export function boxAt(track: BoxTrackValue, frame: number): Box | null {
  const after = track.keyframes.findIndex((keyframe) => keyframe.frame >= frame);
  const next = track.keyframes[after];
  if (next === undefined) return null;
  if (next.frame === frame) return boxOf(next);
  const previous = track.keyframes[after - 1];
  if (previous === undefined) return null;
  const share = (frame - previous.frame) / (next.frame - previous.frame);
  const [a, b] = [boxOf(previous), boxOf(next)];
  return [mix(a[0], b[0], share), mix(a[1], b[1], share), mix(a[2], b[2], share), mix(a[3], b[3], share)];
}

export function isKeyframe(track: BoxTrackValue, frame: number): boolean {
  return track.keyframes.some((keyframe) => keyframe.frame === frame);
}

/** The nearest keyframe before (-1) or after (1) a frame. */
export function neighbourKeyframe(track: BoxTrackValue, frame: number, direction: -1 | 1): number | null {
  const frames = track.keyframes.map((keyframe) => keyframe.frame);
  const found = direction === 1 ? frames.find((other) => other > frame) : frames.findLast((other) => other < frame);
  return found ?? null;
}

/** Fixes the box at a frame: a new keyframe, or another box for the one that is there. */
export function withKeyframe(track: BoxTrackValue, frame: FrameIndex, pts: Pts, box: Box): BoxTrackValue {
  const old = track.keyframes.find((keyframe) => keyframe.frame === frame);
  const [x, y, width, height] = box;
  const fixed: Keyframe = { frame, pts, box: [x, y, width, height], is_occluded: old?.is_occluded ?? false };
  const others = track.keyframes.filter((keyframe) => keyframe.frame !== frame);
  return { ...track, keyframes: [...others, fixed].sort((a, b) => a.frame - b.frame) };
}

/** Takes a keyframe away; the last one stays, since a track without any is nothing. */
export function withoutKeyframe(track: BoxTrackValue, frame: number): BoxTrackValue {
  const keyframes = track.keyframes.filter((keyframe) => keyframe.frame !== frame);
  return keyframes.length === 0 ? track : { ...track, keyframes };
}

function boxOf({ box }: Keyframe): Box {
  return [box[0] ?? 0, box[1] ?? 0, box[2] ?? 0, box[3] ?? 0];
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
