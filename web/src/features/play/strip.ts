/**
 * Where frames lie on the film strip, and on the curve above it. Pure.
 *
 * All of the past is on it, however long: while it is short a slot is a frame, later a slot shows one of several.
 */
export type Strip = {
  readonly width: number;
  readonly numSlots: number;
  /** Frames from edge to edge; at first more than there are, so that the strip fills from the left. */
  readonly span: number;
  readonly numFrames: number;
};

export function stripOf(width: number, thumbWidth: number, numFrames: number): Strip {
  const numSlots = Math.max(1, Math.floor(width / thumbWidth));
  return { width, numSlots, span: Math.max(numFrames, numSlots), numFrames };
}

/** The middle of a frame. */
export const xFromFrame = (strip: Strip, frame: number): number => ((frame + 0.5) / strip.span) * strip.width;

/** The left edge of a frame. */
export const edgeFromFrame = (strip: Strip, frame: number): number => (frame / strip.span) * strip.width;

export function frameFromX(strip: Strip, x: number): number {
  const frame = Math.floor((x / strip.width) * strip.span);
  return Math.min(Math.max(0, strip.numFrames - 1), Math.max(0, frame));
}

/** The frame that each slot shows, for the slots that are filled. */
export function slotFrames(strip: Strip): readonly number[] {
  const frames: number[] = [];
  for (let slot = 0; slot < strip.numSlots; slot += 1) {
    const frame = Math.floor(((slot + 0.5) / strip.numSlots) * strip.span);
    if (frame < strip.numFrames) frames.push(frame);
  }
  return frames;
}

/** The top of the drift's curve, in frame heights: steps that a reader knows, so that it does not jump about. */
export function driftTop(drifts: readonly number[]): number {
  const most = Math.max(0, ...drifts);
  return [0.1, 0.2, 0.5, 1].find((top) => most <= top) ?? Math.ceil(most);
}

/** Points of a curve, broken where nothing is known. */
export function curveOf(
  strip: Strip,
  frames: readonly { readonly frame: number; readonly drift: number | null }[],
  height: number,
): readonly (readonly { readonly x: number; readonly y: number }[])[] {
  const top = driftTop(frames.flatMap(({ drift }) => (drift === null ? [] : [drift])));
  const pieces: { x: number; y: number }[][] = [[]];
  for (const { frame, drift } of frames) {
    if (drift === null) pieces.push([]);
    else pieces.at(-1)?.push({ x: xFromFrame(strip, frame), y: height * (1 - drift / top) });
  }
  return pieces.filter((piece) => piece.length > 0);
}
