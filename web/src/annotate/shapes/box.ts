/** A box in display pixels: [left, top, width, height]. Pure: handles, hit test, moving and resizing. */
import type { MediaPoint } from "@/units";
import type { Size } from "../geometry";

export type Box = readonly [number, number, number, number];

/** Which edges a drag moves: -1 the left or top one, 1 the right or bottom one, 0 neither. */
export type Handle = { readonly x: -1 | 0 | 1; readonly y: -1 | 0 | 1 };

export const handles: readonly Handle[] = [
  { x: -1, y: -1 },
  { x: 0, y: -1 },
  { x: 1, y: -1 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
  { x: -1, y: 1 },
  { x: -1, y: 0 },
];

const LEAST_SIDE = 2;

export function handlePoint(
  [left, top, width, height]: Box,
  { x, y }: Handle,
): { readonly x: number; readonly y: number } {
  return { x: left + ((x + 1) / 2) * width, y: top + ((y + 1) / 2) * height };
}

export type Hit = { readonly kind: "handle"; readonly handle: Handle } | { readonly kind: "inside" } | null;

/** What lies under a point; `reach` is how near, in media pixels, is near enough for a handle. */
export function hitBox(box: Box, point: MediaPoint, reach: number): Hit {
  for (const handle of handles) {
    const at = handlePoint(box, handle);
    if (Math.abs(at.x - point.x) <= reach && Math.abs(at.y - point.y) <= reach)
      return { kind: "handle", handle };
  }
  const [left, top, width, height] = box;
  const isInside = point.x >= left && point.x <= left + width && point.y >= top && point.y <= top + height;
  return isInside ? { kind: "inside" } : null;
}

/** Moves a box and keeps it inside the picture. */
export function moveBox([left, top, width, height]: Box, by: { x: number; y: number }, media: Size): Box {
  const bound = (value: number, most: number) => Math.min(Math.max(0, value), Math.max(0, most));
  return [bound(left + by.x, media.width - width), bound(top + by.y, media.height - height), width, height];
}

/** Pulls edges; one that is dragged past its opposite stops there. */
export function resizeBox(box: Box, handle: Handle, by: { x: number; y: number }, media: Size): Box {
  const [left, right] = pull(box[0], box[0] + box[2], handle.x, by.x, media.width);
  const [top, bottom] = pull(box[1], box[1] + box[3], handle.y, by.y, media.height);
  return [left, top, right - left, bottom - top];
}

function pull(low: number, high: number, side: -1 | 0 | 1, by: number, most: number): [number, number] {
  if (side === -1) return [Math.min(Math.max(0, low + by), high - LEAST_SIDE), high];
  if (side === 1) return [low, Math.max(Math.min(most, high + by), low + LEAST_SIDE)];
  return [low, high];
}

/** The box spanned by two corners, in any order. */
export function boxBetween(a: MediaPoint, b: MediaPoint, media: Size): Box {
  const x0 = Math.max(0, Math.min(a.x, b.x));
  const y0 = Math.max(0, Math.min(a.y, b.y));
  const x1 = Math.min(media.width, Math.max(a.x, b.x));
  const y1 = Math.min(media.height, Math.max(a.y, b.y));
  return [x0, y0, Math.max(LEAST_SIDE, x1 - x0), Math.max(LEAST_SIDE, y1 - y0)];
}
