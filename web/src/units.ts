/**
 * The kinds of number that must not be mixed: a frame is not a pts, a screen pixel is not a media pixel.
 * The makers below are the only place in the studio where a type is asserted.
 */
declare const unit: unique symbol;
type Branded<T, Name extends string> = T & { readonly [unit]: Name };

/** A frame's number in its asset, from 0. */
export type FrameIndex = Branded<number, "FrameIndex">;
/** A presentation time in ticks of the stream's time base. */
export type Pts = Branded<number, "Pts">;
export type Seconds = Branded<number, "Seconds">;
/** A point in display pixels of the asset. */
export type MediaPoint = Branded<{ readonly x: number; readonly y: number }, "MediaPoint">;
/** A point in CSS pixels of the stage that shows the asset. */
export type ScreenPoint = Branded<{ readonly x: number; readonly y: number }, "ScreenPoint">;

export const frameIndex = (value: number): FrameIndex => Math.max(0, Math.round(value)) as FrameIndex;
export const pts = (value: number): Pts => value as Pts;
export const seconds = (value: number): Seconds => value as Seconds;
export const mediaPoint = (x: number, y: number): MediaPoint => ({ x, y }) as MediaPoint;
export const screenPoint = (x: number, y: number): ScreenPoint => ({ x, y }) as ScreenPoint;

/** Fails to compile when a union has a member that no branch handles. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
