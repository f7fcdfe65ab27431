/** One object over time: boxes fixed at keyframes, straight lines between them. The server's JSON, and nothing else. */
import type { FrameIndex, Pts } from "@/units";
import type { Box } from "./box";

export type Keyframe = {
  readonly frame: number;
  readonly pts: number;
  /** [left, top, width, height] in display pixels. */
  readonly box: readonly number[];
  readonly is_occluded: boolean;
};
export type BoxTrack = {
  readonly shape: "box_track";
  readonly class_name: string;
  readonly keyframes: readonly Keyframe[];
  readonly attributes: { readonly [name: string]: unknown };
};

/** Reads the value of a proposal or annotation; null if it is another shape, or no keyframe of it can be read. */
export function boxTrackFrom(value: { readonly [name: string]: unknown }): BoxTrack | null {
  const { class_name, keyframes, attributes } = value;
  if (value.shape !== "box_track" || typeof class_name !== "string" || !Array.isArray(keyframes)) return null;
  const read = keyframes.map(keyframeFrom).filter((keyframe) => keyframe !== null);
  if (read.length === 0 || read.length !== keyframes.length) return null;
  const kept = typeof attributes === "object" && attributes !== null ? { ...attributes } : {};
  return { shape: "box_track", class_name, keyframes: read, attributes: kept };
}

function keyframeFrom(value: unknown): Keyframe | null {
  if (typeof value !== "object" || value === null) return null;
  const read = (name: string): unknown => Reflect.get(value, name);
  const [frame, pts, box] = [read("frame"), read("pts"), read("box")];
  if (typeof frame !== "number" || typeof pts !== "number" || !Array.isArray(box) || box.length !== 4)
    return null;
  const sides = box.filter((side): side is number => typeof side === "number");
  return sides.length === 4 ? { frame, pts, box: sides, is_occluded: read("is_occluded") === true } : null;
}

/** What goes to the server: plain JSON that nothing here holds on to. */
export function plainTrack(track: BoxTrack): { [name: string]: unknown } {
  return structuredClone({ ...track });
}

export function firstFrame(track: BoxTrack): number {
  return track.keyframes[0]?.frame ?? 0;
}

export function lastFrame(track: BoxTrack): number {
  return track.keyframes.at(-1)?.frame ?? 0;
}

/** The box at a frame, or null outside the track's span. */
export function boxAt(track: BoxTrack, frame: number): Box | null {
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

export function isKeyframe(track: BoxTrack, frame: number): boolean {
  return track.keyframes.some((keyframe) => keyframe.frame === frame);
}

/** The nearest keyframe before (-1) or after (1) a frame. */
export function neighbourKeyframe(track: BoxTrack, frame: number, direction: -1 | 1): number | null {
  const frames = track.keyframes.map((keyframe) => keyframe.frame);
  const found =
    direction === 1 ? frames.find((other) => other > frame) : frames.findLast((other) => other < frame);
  return found ?? null;
}

/** Fixes the box at a frame: a new keyframe, or another box for the one that is there. */
export function withKeyframe(track: BoxTrack, frame: FrameIndex, pts: Pts, box: Box): BoxTrack {
  const old = track.keyframes.find((keyframe) => keyframe.frame === frame);
  const fixed: Keyframe = { frame, pts, box: [...box], is_occluded: old?.is_occluded ?? false };
  const others = track.keyframes.filter((keyframe) => keyframe.frame !== frame);
  return { ...track, keyframes: [...others, fixed].sort((a, b) => a.frame - b.frame) };
}

/** Takes a keyframe away; the last one stays, since a track without any is nothing. */
export function withoutKeyframe(track: BoxTrack, frame: number): BoxTrack {
  const keyframes = track.keyframes.filter((keyframe) => keyframe.frame !== frame);
  return keyframes.length === 0 ? track : { ...track, keyframes };
}

function boxOf({ box }: Keyframe): Box {
  return [box[0] ?? 0, box[1] ?? 0, box[2] ?? 0, box[3] ?? 0];
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
