import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { useCanvas } from "@/timeline/use-canvas";
import { drawStrip, STRIP_HEIGHT, THUMB } from "./draw-strip";
import { look, lookBy, useGame } from "./game";
import { lastFrameOf, numFramesOf, shownFrameOf } from "./game-state";
import { frameFromX, stripOf } from "./strip";

const moves: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageDown: -8,
  PageUp: 8,
};

/** All that has happened in this branch. Drag on it to look back. */
export function FilmStrip() {
  const game = useGame();
  const [isDragging, setDragging] = useState(false);
  const { opened, shelf, tree } = game;
  const shown = shownFrameOf(game);
  const last = lastFrameOf(game);
  const { attach, width } = useCanvas(STRIP_HEIGHT, (context, token, drawnWidth) => {
    context.clearRect(0, 0, drawnWidth, STRIP_HEIGHT);
    if (opened === null) return;
    drawStrip(context, token, {
      strip: stripOf(drawnWidth, THUMB, numFramesOf(game)),
      frames: shelf.frames(tree.current),
      near: (frame) => shelf.near(tree.current, frame),
      size: opened,
      shown,
      mark: game.mark,
      window: opened.window,
    });
  });
  const lookAt = (event: PointerEvent) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    look(frameFromX(stripOf(width, THUMB, numFramesOf(game)), event.clientX - left));
  };
  const onKey = (event: KeyboardEvent) => {
    const move = moves[event.key];
    if (move === undefined) return;
    // Here the arrows go through time; elsewhere they steer.
    event.preventDefault();
    lookBy(move);
  };
  return (
    <div
      className="film"
      role="slider"
      tabIndex={0}
      aria-label="What has happened"
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={shown}
      aria-valuetext={`frame ${shown} of ${last}`}
      data-dragging={isDragging}
      onKeyDown={onKey}
      onPointerDown={(event) => {
        // The focus stays where it was, so that the arrows go on steering.
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragging(true);
        lookAt(event);
      }}
      onPointerMove={(event) => isDragging && lookAt(event)}
      onPointerUp={() => setDragging(false)}
      onPointerCancel={() => setDragging(false)}
    >
      <canvas ref={attach} height={STRIP_HEIGHT} />
    </div>
  );
}
