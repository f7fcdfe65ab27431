/** Frames along a line of pixels. Pure: what a view shows, where a frame lies, how zooming and panning move it. */

/** The part of the asset on screen, in frames, half-open; fractions are allowed while zooming. */
export type View = { readonly start: number; readonly end: number };

const FEWEST_FRAMES = 12;

export const wholeView = (numFrames: number): View => ({ start: 0, end: Math.max(1, numFrames) });

export function xFromFrame(view: View, width: number, frame: number): number {
  return ((frame - view.start) / (view.end - view.start)) * width;
}

/** The frame under a pixel, as a fraction; floor it for the frame itself. */
export function frameFromX(view: View, width: number, x: number): number {
  return view.start + (x / Math.max(1, width)) * (view.end - view.start);
}

/** Zooms by a factor (below 1 is nearer) and leaves the frame at `anchor` where it is. */
export function zoomAt(view: View, numFrames: number, anchor: number, factor: number): View {
  const length = Math.min(
    numFrames,
    Math.max(Math.min(FEWEST_FRAMES, numFrames), (view.end - view.start) * factor),
  );
  const share = (anchor - view.start) / (view.end - view.start);
  return within(anchor - share * length, length, numFrames);
}

export function panBy(view: View, numFrames: number, frames: number): View {
  return within(view.start + frames, view.end - view.start, numFrames);
}

type Turn = Pick<WheelEvent, "deltaX" | "deltaY" | "ctrlKey" | "metaKey">;

/** What a turn of the wheel over pixel `x` does: with ctrl it zooms there, alone it pans. */
export function wheeled(view: View, numFrames: number, width: number, x: number, turn: Turn): View {
  if (turn.ctrlKey || turn.metaKey)
    return zoomAt(view, numFrames, frameFromX(view, width, x), Math.exp(turn.deltaY / 300));
  return panBy(view, numFrames, frameFromX(view, width, turn.deltaX + turn.deltaY) - view.start);
}

/** Moves the view just enough to show a frame; the same view if it does already. */
export function following(view: View, numFrames: number, frame: number): View {
  if (frame >= view.start && frame + 1 <= view.end) return view;
  const length = view.end - view.start;
  return within(frame - length * 0.1, length, numFrames);
}

/** The step of the ruler: the smallest kind of step that leaves `room` pixels between two marks. */
export function tickStep(view: View, width: number, framesPerSecond: number, room = 88): number {
  const least = ((view.end - view.start) / Math.max(1, width)) * room;
  const second = Math.max(1, Math.round(framesPerSecond));
  const steps = [1, 2, 5, 10, ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].map((s) => s * second)];
  return steps.sort((a, b) => a - b).find((step) => step >= least) ?? 7200 * second;
}

export function ticks(view: View, step: number): number[] {
  const marks: number[] = [];
  for (let frame = Math.ceil(view.start / step) * step; frame <= view.end; frame += step) marks.push(frame);
  return marks;
}

function within(start: number, length: number, numFrames: number): View {
  const from = Math.min(Math.max(0, start), Math.max(0, numFrames - length));
  return { start: from, end: from + length };
}
