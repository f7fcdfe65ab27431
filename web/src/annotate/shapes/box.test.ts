import { describe, expect, it } from "vitest";
import { mediaPoint, screenPoint } from "@/units";
import { fitInside, mediaFromScreen, screenFromMedia } from "../geometry";
import { boxBetween, hitBox, moveBox, resizeBox } from "./box";

const media = { width: 100, height: 80 };

describe("geometry", () => {
  it("letterboxes and comes back", () => {
    const fit = fitInside({ width: 1920, height: 1080 }, { width: 960, height: 960 });
    expect(fit).toEqual({ scale: 0.5, left: 0, top: 210 });
    expect(screenFromMedia(fit, mediaPoint(1920, 1080))).toEqual({ x: 960, y: 750 });
    expect(mediaFromScreen(fit, screenPoint(960, 750))).toEqual({ x: 1920, y: 1080 });
  });
});

describe("box", () => {
  it("is grasped at its corners first, then anywhere inside", () => {
    expect(hitBox([10, 10, 40, 40], mediaPoint(11, 9), 3)).toEqual({
      kind: "handle",
      handle: { x: -1, y: -1 },
    });
    expect(hitBox([10, 10, 40, 40], mediaPoint(20, 20), 3)).toEqual({ kind: "inside" });
    expect(hitBox([10, 10, 40, 40], mediaPoint(60, 20), 3)).toBeNull();
  });
  it("stays inside the picture when moved", () => {
    expect(moveBox([10, 10, 40, 40], { x: 500, y: -500 }, media)).toEqual([60, 0, 40, 40]);
  });
  it("is pulled by the edges of a handle and never turns inside out", () => {
    expect(resizeBox([10, 10, 40, 40], { x: 1, y: 0 }, { x: 5, y: 99 }, media)).toEqual([10, 10, 45, 40]);
    expect(resizeBox([10, 10, 40, 40], { x: -1, y: -1 }, { x: 99, y: -99 }, media)).toEqual([48, 0, 2, 50]);
  });
  it("is drawn from any corner to any other", () => {
    expect(boxBetween(mediaPoint(50, 60), mediaPoint(20, -5), media)).toEqual([20, 0, 30, 60]);
  });
});
