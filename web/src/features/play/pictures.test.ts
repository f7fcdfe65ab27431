import { describe, expect, it } from "vitest";
import { arrange, pixels } from "./pictures";

const picture = new Uint8Array([10, 20, 30, 200, 0, 0]);
const ghost = new Uint8Array([20, 20, 10, 0, 0, 0]);

describe("pictures", () => {
  it("shows one of two, both laid over each other, or how far apart they are", () => {
    expect([...pixels("imagined", picture, ghost)]).toEqual([10, 20, 30, 255, 200, 0, 0, 255]);
    expect([...pixels("ghost", picture, ghost)]).toEqual([20, 20, 10, 255, 0, 0, 0, 255]);
    expect([...pixels("overlay", picture, ghost)]).toEqual([15, 20, 20, 255, 100, 0, 0, 255]);
    expect([...pixels("difference", picture, ghost)]).toEqual([20, 0, 40, 255, 255, 0, 0, 255]);
  });

  it("shows the imagination alone where the truth is known no more", () => {
    expect([...pixels("overlay", picture, null)]).toEqual([...pixels("imagined", picture, null)]);
  });

  it("enlarges by whole pixels of the screen, whatever its density", () => {
    const frame = { width: 64, height: 64 };
    expect(arrange({ width: 1100, height: 520 }, frame, 2, { gap: 16, caption: 0 }, 1)).toEqual({
      direction: "row",
      scale: 8,
    });
    expect(arrange({ width: 1100, height: 520 }, frame, 2, { gap: 16, caption: 0 }, 2)).toEqual({
      direction: "row",
      scale: 8,
    });
    expect(arrange({ width: 340, height: 700 }, frame, 2, { gap: 16, caption: 0 }, 3)).toEqual({
      direction: "column",
      scale: 5,
    });
    const captioned = { gap: 16, caption: 30 };
    expect(arrange({ width: 1100, height: 520 }, frame, 2, captioned, 1).scale).toBe(7);
    expect(arrange({ width: 20, height: 20 }, frame, 1, { gap: 0, caption: 0 }, 1).scale).toBe(1);
  });
});
