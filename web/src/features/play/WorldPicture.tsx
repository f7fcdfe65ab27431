import { useLayoutEffect, useRef } from "react";
import type { KeptFrame } from "./frame-shelf";
import { type Blend, pixels, type Size } from "./pictures";

type Props = {
  readonly label: string;
  readonly blend: Blend;
  readonly frame: KeptFrame | null;
  readonly size: Size;
  readonly scale: number;
};

/** One picture, each of its pixels a sharp square. */
export function WorldPicture({ label, blend, frame, size, scale }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // Before the browser paints, so that the picture is never older than the number that is said of it.
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || frame === null) return;
    const rgba = pixels(blend, frame.picture, frame.ghost);
    if (rgba.length === size.width * size.height * 4)
      context.putImageData(new ImageData(rgba, size.width, size.height), 0, 0);
  }, [blend, frame, size.width, size.height]);
  return (
    <canvas
      ref={canvas}
      className="world-picture"
      role="img"
      aria-label={frame === null ? label : `${label}, frame ${frame.frame}`}
      data-frame={frame?.frame}
      width={size.width}
      height={size.height}
      style={{ width: size.width * scale, height: size.height * scale }}
    />
  );
}
