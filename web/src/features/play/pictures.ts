/** From RGB bytes to what a canvas shows, and how large. Pure. */
import type { Picture } from "./protocol";

export type Blend = "imagined" | "ghost" | "overlay" | "difference";

/** RGBA of one of both pictures, of both laid over each other, or of how far apart they are. */
export function pixels(
  blend: Blend,
  picture: Picture,
  ghost: Picture | null,
): Uint8ClampedArray<ArrayBuffer> {
  const first = blend === "ghost" && ghost !== null ? ghost : picture;
  const other = blend === "overlay" || blend === "difference" ? ghost : null;
  const rgba = new Uint8ClampedArray((first.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < first.length; from += 3, to += 4)
    for (let channel = 0; channel < 3; channel += 1) {
      const one = first[from + channel] ?? 0;
      const two = other?.[from + channel] ?? one;
      rgba[to + channel] = blend === "difference" ? apart(one, two) : (one + two) / 2;
    }
  return rgba;
}

/** Small differences must be seen too: twice as bright as they are. */
const apart = (one: number, two: number): number => 2 * Math.abs(one - two);

export type Size = { readonly width: number; readonly height: number };
export type Arrangement = {
  readonly direction: "row" | "column";
  /** CSS pixels a picture pixel: a whole number of the screen's own pixels, so that each stays a square. */
  readonly scale: number;
};

/** What is kept free: between pictures, and under each for its caption. */
export type Margins = { readonly gap: number; readonly caption: number };

/** The largest way to show `count` pictures side by side, or one over the other, in a space. */
export function arrange(
  space: Size,
  frame: Size,
  count: number,
  { gap, caption }: Margins,
  density: number,
): Arrangement {
  const scaleOf = (across: number, down: number) => {
    const wide = (space.width - gap * (across - 1)) / (across * frame.width);
    const high = (space.height - gap * (down - 1) - caption * down) / (down * frame.height);
    return Math.max(1, Math.floor(Math.min(wide, high) * density)) / density;
  };
  const row = scaleOf(count, 1);
  const column = scaleOf(1, count);
  return column > row ? { direction: "column", scale: column } : { direction: "row", scale: row };
}
