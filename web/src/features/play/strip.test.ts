import { describe, expect, it } from "vitest";
import { curveOf, driftTop, frameFromX, slotFrames, stripOf, xFromFrame } from "./strip";

describe("the film strip", () => {
  it("fills from the left while there are fewer frames than slots", () => {
    const strip = stripOf(200, 20, 4);
    expect([slotFrames(strip), xFromFrame(strip, 0), xFromFrame(strip, 3)]).toEqual([[0, 1, 2, 3], 10, 70]);
  });

  it("holds all of a long past, evenly", () => {
    const strip = stripOf(200, 20, 1000);
    expect(slotFrames(strip)).toEqual([50, 150, 250, 350, 450, 550, 650, 750, 850, 950]);
  });

  it("finds the frame under the pointer, and the first or the last beside the strip", () => {
    for (const numFrames of [4, 37, 1000]) {
      const strip = stripOf(740, 46, numFrames);
      const last = numFrames - 1;
      expect([0, 2, last].map((frame) => frameFromX(strip, xFromFrame(strip, frame)))).toEqual([0, 2, last]);
      expect([frameFromX(strip, -50), frameFromX(strip, 5000)]).toEqual([0, last]);
    }
  });

  it("breaks the curve of the drift where the thing was not found", () => {
    const frames = [0, 0.05, null, 0.1].map((drift, frame) => ({ frame, drift }));
    expect(curveOf(stripOf(40, 10, 4), frames, 50)).toEqual([
      [
        { x: 5, y: 50 },
        { x: 15, y: 25 },
      ],
      [{ x: 35, y: 0 }],
    ]);
  });

  it("grows the curve's scale in known steps", () => {
    expect([[], [0.03], [0.12], [0.4], [2.1]].map(driftTop)).toEqual([0.1, 0.1, 0.2, 0.5, 3]);
  });
});
