/** Paints the film strip: the drift's curve above, pictures of the past below, what was said and done between them. */

import type { KeptFrame } from "./frame-shelf";
import type { Span } from "./game-state";
import { pixels, type Size } from "./pictures";
import { curveOf, driftTop, edgeFromFrame, type Strip, slotFrames, xFromFrame } from "./strip";

export const THUMB = 46;
/** Above the curve: what it measures, and up to where. */
const LABELS_HEIGHT = 15;
const CURVE_HEIGHT = 50;
const LABEL_WIDTH = 270;
const TICKS_HEIGHT = 10;
const FILM_TOP = CURVE_HEIGHT + TICKS_HEIGHT;
export const STRIP_HEIGHT = FILM_TOP + THUMB;

export type StripPicture = {
  readonly strip: Strip;
  readonly frames: readonly KeptFrame[];
  readonly near: (frame: number) => KeptFrame | null;
  readonly size: Size;
  readonly shown: number;
  readonly mark: Span | null;
  /** Frames that the network was trained on at a time. */
  readonly window: number;
};

type Token = (name: string) => string;

export function drawStrip(context: CanvasRenderingContext2D, token: Token, picture: StripPicture): void {
  drawFilm(context, token, picture);
  drawTraining(context, token, picture);
  drawDrift(context, token, picture);
  drawTicks(context, token, picture);
  if (picture.mark !== null) drawMark(context, token, picture.strip, picture.mark);
  drawHead(context, token, picture);
}

function drawFilm(
  context: CanvasRenderingContext2D,
  token: Token,
  { strip, near, size }: StripPicture,
): void {
  context.fillStyle = token("--hover");
  context.beginPath();
  context.roundRect(0, FILM_TOP, strip.width, THUMB, 6);
  context.fill();
  const scratch = new OffscreenCanvas(size.width, size.height);
  const brush = scratch.getContext("2d");
  if (brush === null) return;
  context.save();
  context.clip();
  const slotWidth = strip.width / strip.numSlots;
  slotFrames(strip).forEach((number, slot) => {
    const frame = near(number);
    if (frame === null) return;
    brush.putImageData(new ImageData(pixels("imagined", frame.picture, null), size.width, size.height), 0, 0);
    // Slots are a little wider than they are high: the picture covers its slot.
    const height = Math.max(THUMB, (slotWidth * size.height) / size.width);
    context.drawImage(scratch, slot * slotWidth, FILM_TOP + (THUMB - height) / 2, slotWidth - 1, height);
  });
  context.restore();
}

/** Where training ended: behind the line the network goes by what it has learned of shorter films. */
function drawTraining(context: CanvasRenderingContext2D, token: Token, picture: StripPicture): void {
  const { strip, frames, window } = picture;
  if (strip.span <= window) return;
  const x = edgeFromFrame(strip, window);
  context.fillStyle = token("--warn");
  context.globalAlpha = 0.07;
  context.fillRect(x, 0, strip.width - x, CURVE_HEIGHT);
  context.globalAlpha = 0.8;
  context.fillRect(x, LABELS_HEIGHT, 1, CURVE_HEIGHT - LABELS_HEIGHT);
  context.font = `10.5px ${token("--font")}`;
  // Only where it lies beside the label of the curve.
  const isFree = x > LABEL_WIDTH || frames.every(({ drift }) => drift === null);
  if (isFree && strip.width - x > 120) context.fillText(`trained on ${window} frames`, x + 6, 11);
  context.globalAlpha = 1;
}

function drawDrift(context: CanvasRenderingContext2D, token: Token, { strip, frames }: StripPicture): void {
  context.fillStyle = token("--line");
  context.fillRect(0, CURVE_HEIGHT - 1, strip.width, 1);
  const height = CURVE_HEIGHT - LABELS_HEIGHT - 3;
  context.strokeStyle = token("--accent");
  context.fillStyle = token("--accent");
  context.lineWidth = 1.75;
  context.lineJoin = "round";
  for (const piece of curveOf(strip, frames, height)) {
    const [first] = piece;
    const last = piece.at(-1);
    if (first === undefined || last === undefined) continue;
    context.beginPath();
    for (const { x, y } of piece) context.lineTo(x, y + LABELS_HEIGHT + 1);
    context.stroke();
    context.lineTo(last.x, CURVE_HEIGHT - 1);
    context.lineTo(first.x, CURVE_HEIGHT - 1);
    context.globalAlpha = 0.12;
    context.fill();
    context.globalAlpha = 1;
  }
  const drifts = frames.flatMap(({ drift }) => (drift === null ? [] : [drift]));
  if (drifts.length === 0) return;
  context.fillStyle = token("--ink-3");
  context.font = `10.5px ${token("--font")}`;
  context.fillText(`drift from the truth, up to ${driftTop(drifts)} of the frame's height`, 0, 11);
}

/** A small dash under frames that were steered, a mark where something was said. */
function drawTicks(context: CanvasRenderingContext2D, token: Token, { strip, frames }: StripPicture): void {
  const width = Math.max(1, strip.width / strip.span - 1);
  for (const { frame, action, said } of frames) {
    if (action !== 0) {
      context.fillStyle = token("--ink-3");
      context.globalAlpha = 0.7;
      context.fillRect(edgeFromFrame(strip, frame), CURVE_HEIGHT + 4, width, 2);
      context.globalAlpha = 1;
    }
    if (said !== null) {
      context.fillStyle = token("--info");
      context.beginPath();
      context.arc(xFromFrame(strip, frame), CURVE_HEIGHT + 5, 3.5, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

function drawMark(context: CanvasRenderingContext2D, token: Token, strip: Strip, mark: Span): void {
  const from = edgeFromFrame(strip, mark.start);
  const to = edgeFromFrame(strip, Math.min(mark.end, strip.numFrames));
  context.strokeStyle = token("--accent");
  context.lineWidth = 2;
  context.beginPath();
  context.roundRect(from + 1, FILM_TOP + 1, Math.max(2, to - from - 2), THUMB - 2, 6);
  context.stroke();
}

function drawHead(context: CanvasRenderingContext2D, token: Token, { strip, shown }: StripPicture): void {
  const x = Math.round(xFromFrame(strip, shown));
  context.fillStyle = token("--ink");
  context.beginPath();
  // From beneath the labels: it would cross their words.
  context.roundRect(x - 1.25, LABELS_HEIGHT + 2, 2.5, STRIP_HEIGHT - LABELS_HEIGHT - 2, 1.25);
  context.arc(x, LABELS_HEIGHT + 4, 4, 0, 2 * Math.PI);
  context.fill();
}
