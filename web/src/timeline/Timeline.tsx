import { type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { drawScene } from "./draw";
import { type Lane, lanesHeight, placeLanes } from "./lanes";
import { following, frameFromX, type View, wheeled, wholeView } from "./scale";
import "./timeline.css";
import { useCanvas } from "./use-canvas";

type Props = {
  readonly numFrames: number;
  readonly frame: number;
  readonly lanes: readonly Lane[];
  readonly framesPerSecond: number;
  readonly timeOf: (frame: number) => string;
  readonly onSeek: (frame: number) => void;
};

/** A ruler and lanes of spans. Click or drag seeks, ctrl and wheel zooms, the wheel alone pans. */
export function Timeline({ numFrames, frame, lanes, framesPerSecond, timeOf, onSeek }: Props) {
  const [view, setView] = useState<View>(() => wholeView(numFrames));
  // Before the paint, so that the playhead is never drawn outside the view that it pulls along.
  useLayoutEffect(() => setView(wholeView(numFrames)), [numFrames]);
  useLayoutEffect(() => setView((old) => following(old, numFrames, frame)), [numFrames, frame]);
  const placed = useMemo(() => placeLanes(lanes), [lanes]);
  const height = lanesHeight(placed);
  const { attach, width } = useCanvas(height, (context, token, drawnWidth) =>
    drawScene(
      context,
      { view, width: drawnWidth, height, lanes: placed, frame, framesPerSecond, timeOf },
      token,
    ),
  );

  const onPointer = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return;
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    const { left } = event.currentTarget.getBoundingClientRect();
    onSeek(Math.floor(frameFromX(view, width, event.clientX - left)));
  };

  const surface = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const ended = new AbortController();
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left } = surface.current?.getBoundingClientRect() ?? { left: 0 };
      setView((old) => wheeled(old, numFrames, width, event.clientX - left, event));
    };
    // Not by React, whose wheel listeners are passive: the browser would zoom the whole page as well.
    surface.current?.addEventListener("wheel", onWheel, { passive: false, signal: ended.signal });
    return () => ended.abort();
  }, [numFrames, width]);

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
        ref={surface}
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
        onDoubleClick={() => setView(wholeView(numFrames))}
      >
        <canvas ref={attach} />
      </div>
    </div>
  );
}
