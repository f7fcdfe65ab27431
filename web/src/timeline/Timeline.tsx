import { type PointerEvent, useEffect, useMemo, useRef, useState, type WheelEvent } from "react";
import { drawScene } from "./draw";
import { type Lane, lanesHeight, placeLanes, spanAt } from "./lanes";
import { following, frameFromX, panBy, type View, wholeView, zoomAt } from "./scale";
import "./timeline.css";
import { useCanvas } from "./use-canvas";

type Props = {
  readonly numFrames: number;
  readonly frame: number;
  readonly lanes: readonly Lane[];
  readonly framesPerSecond: number;
  readonly timeOf: (frame: number) => string;
  readonly pickedId?: string | null;
  readonly onSeek: (frame: number) => void;
  readonly onPick?: (id: string) => void;
};

/** A ruler and lanes of spans. Click or drag seeks, ctrl and wheel zooms, the wheel alone pans. */
export function Timeline(props: Props) {
  const { numFrames, frame, lanes, framesPerSecond, timeOf, pickedId = null, onSeek, onPick } = props;
  const [zoomed, setView] = useState<View>(() => wholeView(numFrames));
  const lastCount = useRef(numFrames);
  useEffect(() => {
    if (lastCount.current !== numFrames) setView(wholeView(numFrames));
    lastCount.current = numFrames;
  }, [numFrames]);
  const view = following(zoomed, numFrames, frame);
  const placed = useMemo(() => placeLanes(lanes), [lanes]);
  const height = lanesHeight(placed);
  const { attach, width } = useCanvas(height, (context, token, drawnWidth) =>
    drawScene(
      context,
      { view, width: drawnWidth, height, lanes: placed, frame, framesPerSecond, timeOf, pickedId },
      token,
    ),
  );

  const frameUnder = (event: PointerEvent | WheelEvent) =>
    frameFromX(view, width, event.clientX - event.currentTarget.getBoundingClientRect().left);

  const onPointer = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return;
    const at = Math.floor(frameUnder(event));
    if (event.type === "pointerdown") {
      event.currentTarget.setPointerCapture(event.pointerId);
      const hit = spanAt(placed, at, event.clientY - event.currentTarget.getBoundingClientRect().top);
      if (hit !== null) onPick?.(hit.id);
    }
    onSeek(at);
  };

  const onWheel = (event: WheelEvent) => {
    const perPixel = (view.end - view.start) / Math.max(1, width);
    if (event.ctrlKey || event.metaKey)
      setView(zoomAt(view, numFrames, frameUnder(event), Math.exp(event.deltaY / 300)));
    else setView(panBy(view, numFrames, (event.deltaX + event.deltaY) * perPixel));
  };

  return (
    <div className="timeline">
      <div className="lane-names" style={{ height }}>
        {placed.map((lane) => (
          <span key={lane.name} style={{ top: lane.top }}>
            {lane.name}
          </span>
        ))}
      </div>
      <div
        className="lanes"
        style={{ height }}
        role="slider"
        tabIndex={0}
        aria-label="Timeline"
        aria-valuemin={0}
        aria-valuemax={numFrames - 1}
        aria-valuenow={frame}
        aria-valuetext={`Frame ${frame}`}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
        onWheel={onWheel}
        onDoubleClick={() => setView(wholeView(numFrames))}
      >
        <canvas ref={attach} />
      </div>
    </div>
  );
}
