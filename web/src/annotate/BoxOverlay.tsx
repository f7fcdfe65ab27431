import { type PointerEvent, useState } from "react";
import { useSize } from "@/design/use-size";
import { screenPoint } from "@/units";
import "./annotate.css";
import { BoxHandles } from "./BoxHandles";
import { fitInside, mediaFromScreen, type Size } from "./geometry";
import type { Box } from "./shapes/box";
import { type Drag, dragged, grasp, idle } from "./tools/box/drag";

type Props = {
  readonly media: Size;
  readonly box: Box | null;
  readonly colour: string;
  readonly label: string;
  /** Handles are shown and the box can be moved, resized and drawn anew. */
  readonly isEditing: boolean;
  readonly isTentative?: boolean;
  readonly onGrasp?: () => void;
  readonly onChange?: (box: Box) => void;
};

const REACH_PX = 9;

/** The box of one track over the picture. */
export function BoxOverlay({ media, box, colour, label, isEditing, isTentative, onGrasp, onChange }: Props) {
  const [layer, setLayer] = useState<SVGSVGElement | null>(null);
  const stage = useSize(layer);
  const [drag, setDrag] = useState<Drag>(idle);
  const [draft, setDraft] = useState<Box | null>(null);
  const fit = fitInside(media, stage);
  const shown = draft ?? box;

  const pointUnder = (event: PointerEvent) => {
    const corner = event.currentTarget.getBoundingClientRect();
    return mediaFromScreen(fit, screenPoint(event.clientX - corner.left, event.clientY - corner.top));
  };
  const onDown = (event: PointerEvent<SVGSVGElement>) => {
    if (!isEditing || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    onGrasp?.();
    setDrag(grasp(box, pointUnder(event), REACH_PX / fit.scale));
  };
  const onMove = (event: PointerEvent) => {
    if (drag.kind !== "idle") setDraft(dragged(drag, pointUnder(event), media));
  };
  const onUp = () => {
    if (draft !== null) onChange?.(draft);
    setDraft(null);
    setDrag(idle);
  };

  return (
    <svg
      ref={setLayer}
      className="box-overlay"
      data-editing={isEditing}
      aria-label={shown === null ? "No box on this frame" : `${label}: box on this frame`}
      role="img"
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onPointerCancel={onUp}
    >
      {shown !== null && (
        <g transform={`translate(${fit.left} ${fit.top}) scale(${fit.scale})`} style={{ color: colour }}>
          <rect
            className="box"
            data-tentative={isTentative === true}
            x={shown[0]}
            y={shown[1]}
            width={shown[2]}
            height={shown[3]}
          />
          {isEditing && <BoxHandles box={shown} scale={fit.scale} />}
        </g>
      )}
      {shown !== null && (
        <foreignObject
          x={shown[0] * fit.scale + fit.left}
          y={Math.max(0, shown[1] * fit.scale + fit.top - 23)}
          width="240"
          height="22"
          style={{ pointerEvents: "none" }}
        >
          <span className="box-label" style={{ background: colour }}>
            {label}
          </span>
        </foreignObject>
      )}
    </svg>
  );
}
