import { describe, expect, it } from "vitest";
import { FrameTimes } from "./frame-times";

const steady = new FrameTimes([512, 1024, 1536, 2048], [1, 12_800]);
const uneven = new FrameTimes([0, 10, 11, 40], [1, 100]);

describe("FrameTimes", () => {
  it("counts from the first frame, whatever its pts", () => {
    expect([0, 1, 3].map((frame) => steady.start(frame))).toEqual([0, 0.04, 0.12]);
    expect(steady.duration).toBeCloseTo(0.16, 9);
  });
  it("seeks to the middle of a frame, also where the rate varies", () => {
    expect([0, 1, 2].map((frame) => uneven.middle(frame).toFixed(6))).toEqual([
      "0.050000",
      "0.105000",
      "0.255000",
    ]);
    expect(uneven.middle(3)).toBeCloseTo(0.545, 9);
  });
  it("finds the same frame again from the middle of every frame", () => {
    for (const times of [steady, uneven])
      for (let frame = 0; frame < times.numFrames; frame++)
        expect(times.showing(times.middle(frame))).toBe(frame);
  });
  it("takes a media time that was rounded a little early for the frame it means", () => {
    expect(steady.nearest(0.0399999)).toBe(1);
    expect(steady.showing(0.0399999)).toBe(0);
    expect(uneven.nearest(0.1049)).toBe(1);
  });
  it("stays inside the asset", () => {
    expect([steady.clamp(-4), steady.clamp(99), steady.nearest(-1), steady.nearest(99)]).toEqual([
      0, 3, 0, 3,
    ]);
  });
  it("knows an asset of one frame", () => {
    const single = new FrameTimes([0], [1, 30]);
    expect([single.last, single.showing(5)]).toEqual([0, 0]);
    expect(single.middle(0)).toBeGreaterThan(0);
  });
});
