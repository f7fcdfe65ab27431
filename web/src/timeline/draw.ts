/** Paints a timeline on a canvas. Reads its colours from the design tokens, so that both themes look right. */
import { LANE_GAP, type PlacedLane, type PlacedSpan, ROW_HEIGHT, RULER_HEIGHT } from "./lanes";
import { tickStep, ticks, type View, xFromFrame } from "./scale";

export type Scene = {
  readonly view: View;
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly PlacedLane[];
  readonly frame: number;
  readonly framesPerSecond: number;
  readonly timeOf: (frame: number) => string;
};

export function drawScene(
  context: CanvasRenderingContext2D,
  scene: Scene,
  token: (name: string) => string,
): void {
  context.clearRect(0, 0, scene.width, scene.height);
  drawRuler(context, scene, token);
  for (const lane of scene.lanes) {
    context.fillStyle = token("--hover");
    context.fillRect(0, lane.top - LANE_GAP / 2, scene.width, lane.height + LANE_GAP / 2);
    for (const span of lane.spans) drawSpan(context, scene, lane, span, token);
  }
  drawPlayhead(context, scene, token);
}

function drawRuler(context: CanvasRenderingContext2D, scene: Scene, token: (name: string) => string): void {
  context.font = `500 10.5px ${token("--mono")}`;
  context.textBaseline = "middle";
  for (const frame of ticks(scene.view, tickStep(scene.view, scene.width, scene.framesPerSecond))) {
    const x = Math.round(xFromFrame(scene.view, scene.width, frame)) + 0.5;
    context.fillStyle = token("--line-strong");
    context.fillRect(x, RULER_HEIGHT - 6, 1, 6);
    context.fillStyle = token("--ink-3");
    context.fillText(scene.timeOf(frame), x + 8, RULER_HEIGHT / 2);
  }
  context.fillStyle = token("--line");
  context.fillRect(0, RULER_HEIGHT, scene.width, 1);
}

function drawSpan(
  context: CanvasRenderingContext2D,
  scene: Scene,
  lane: PlacedLane,
  span: PlacedSpan,
  token: (name: string) => string,
): void {
  const left = xFromFrame(scene.view, scene.width, span.start);
  const right = xFromFrame(scene.view, scene.width, span.end);
  if (right < 0 || left > scene.width) return;
  const top = lane.top + span.row * ROW_HEIGHT + 1;
  // One clear pixel between neighbours shows where a cut lies.
  const width = Math.max(1.5, right - left - 1);
  const colour = token(span.colour);
  context.beginPath();
  context.roundRect(left, top, width, ROW_HEIGHT - 3, 4);
  context.globalAlpha = span.isTentative === true ? 0.18 : 0.42;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 0.75;
  context.lineWidth = 1;
  context.strokeStyle = colour;
  context.stroke();
  context.globalAlpha = 1;
  drawKeyframes(context, scene, span, top, colour);
  drawLabel(context, span.label, Math.max(left, 0), Math.min(right, scene.width), top, token("--ink"));
}

function drawKeyframes(
  context: CanvasRenderingContext2D,
  scene: Scene,
  span: PlacedSpan,
  top: number,
  colour: string,
) {
  context.fillStyle = colour;
  for (const frame of span.keyframes ?? []) {
    const x = xFromFrame(scene.view, scene.width, frame + 0.5);
    context.fillRect(x - 1, top + ROW_HEIGHT - 8, 2, 5);
  }
}

function drawLabel(
  context: CanvasRenderingContext2D,
  label: string,
  left: number,
  right: number,
  top: number,
  ink: string,
): void {
  if (right - left < 26) return;
  context.save();
  context.beginPath();
  context.rect(left, top, right - left - 4, ROW_HEIGHT);
  context.clip();
  context.fillStyle = ink;
  context.fillText(label, left + 6, top + ROW_HEIGHT / 2 - 1);
  context.restore();
}

function drawPlayhead(
  context: CanvasRenderingContext2D,
  scene: Scene,
  token: (name: string) => string,
): void {
  const left = xFromFrame(scene.view, scene.width, scene.frame);
  const right = xFromFrame(scene.view, scene.width, scene.frame + 1);
  context.fillStyle = token("--accent-soft");
  context.fillRect(left, RULER_HEIGHT, Math.max(1, right - left), scene.height);
  const middle = Math.round((left + right) / 2);
  context.fillStyle = token("--accent");
  context.fillRect(middle - 1, 4, 2, scene.height - 4);
  context.beginPath();
  context.roundRect(middle - 5, 2, 10, 9, 3);
  context.fill();
}
