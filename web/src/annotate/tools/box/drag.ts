/** The states of dragging a box: nothing held, the whole box held, an edge or corner held, a new box drawn. Pure. */
import { assertNever, type MediaPoint } from "@/units";
import type { Size } from "../../geometry";
import { type Box, boxBetween, type Handle, hitBox, moveBox, resizeBox } from "../../shapes/box";

export type Drag =
  | { readonly kind: "idle" }
  | { readonly kind: "moving"; readonly from: MediaPoint; readonly box: Box }
  | { readonly kind: "resizing"; readonly from: MediaPoint; readonly box: Box; readonly handle: Handle }
  | { readonly kind: "drawing"; readonly from: MediaPoint };

export const idle: Drag = { kind: "idle" };

/** A press on the picture: grasps what lies there, or begins a new box. */
export function grasp(box: Box | null, point: MediaPoint, reach: number): Drag {
  const hit = box === null ? null : hitBox(box, point, reach);
  if (box === null || hit === null) return { kind: "drawing", from: point };
  return hit.kind === "handle"
    ? { kind: "resizing", from: point, box, handle: hit.handle }
    : { kind: "moving", from: point, box };
}

/** The box that the drag has come to. */
export function dragged(drag: Drag, point: MediaPoint, media: Size): Box | null {
  switch (drag.kind) {
    case "idle":
      return null;
    case "moving":
      return moveBox(drag.box, between(drag.from, point), media);
    case "resizing":
      return resizeBox(drag.box, drag.handle, between(drag.from, point), media);
    case "drawing":
      return boxBetween(drag.from, point, media);
    default:
      return assertNever(drag);
  }
}

const between = (a: MediaPoint, b: MediaPoint) => ({ x: b.x - a.x, y: b.y - a.y });
