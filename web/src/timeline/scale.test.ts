import { describe, expect, it } from "vitest";
import {
  following,
  frameFromX,
  panBy,
  tickStep,
  ticks,
  wheeled,
  wholeView,
  xFromFrame,
  zoomAt,
} from "./scale";

describe("scale", () => {
  it("goes from frames to pixels and back", () => {
    const view = { start: 100, end: 300 };
    expect(xFromFrame(view, 800, 150)).toBe(200);
    expect(frameFromX(view, 800, 200)).toBe(150);
  });
  it("keeps the frame under the pointer still while zooming", () => {
    const near = zoomAt(wholeView(1000), 1000, 400, 0.5);
    expect(near).toEqual({ start: 200, end: 700 });
    expect(xFromFrame(near, 500, 400)).toBe(xFromFrame(wholeView(1000), 500, 400));
  });
  it("never shows what is not there, nor fewer frames than one can hit", () => {
    expect(zoomAt(wholeView(100), 100, 0, 5)).toEqual({ start: 0, end: 100 });
    const nearest = zoomAt(wholeView(100), 100, 50, 0.0001);
    expect(nearest.end - nearest.start).toBe(12);
    expect(panBy({ start: 0, end: 50 }, 100, 400)).toEqual({ start: 50, end: 100 });
    expect(zoomAt(wholeView(1), 1, 0, 0.5)).toEqual({ start: 0, end: 1 });
  });
  it("pans by a turn of the wheel, and zooms where it is turned with ctrl", () => {
    const view = { start: 100, end: 300 };
    const turn = { deltaX: 0, deltaY: 80, ctrlKey: false, metaKey: false };
    expect(wheeled(view, 1000, 800, 200, turn)).toEqual({ start: 120, end: 320 });
    const zoom = { ...turn, deltaY: -300 * Math.LN2, ctrlKey: true };
    expect(wheeled(view, 1000, 800, 200, zoom)).toEqual({ start: 125, end: 225 });
  });
  it("follows the playhead only when it leaves", () => {
    const view = { start: 100, end: 200 };
    expect(following(view, 1000, 199)).toBe(view);
    expect(following(view, 1000, 200)).toEqual({ start: 190, end: 290 });
  });
  it("marks round steps", () => {
    expect(tickStep({ start: 0, end: 300 }, 900, 30)).toBe(30);
    expect(tickStep({ start: 0, end: 20 }, 900, 30)).toBe(2);
    expect(ticks({ start: 31, end: 95 }, 30)).toEqual([60, 90]);
  });
});
