import { describe, expect, it } from "vitest";
import { FrameShelf } from "./frame-shelf";
import { aFrame } from "./testing";

const numbers = (shelf: FrameShelf, branch: string) => shelf.frames(branch).map(({ frame }) => frame);

function aShelf({ frames, maxBytes = 1e6 }: { frames: number; maxBytes?: number }): FrameShelf {
  const shelf = new FrameShelf(maxBytes);
  for (let frame = 0; frame < frames; frame += 1) shelf.put(aFrame({ frame }));
  return shelf;
}

describe("the shelf of frames", () => {
  it("shares the frames of a branch that left another, and goes on by itself", () => {
    const shelf = aShelf({ frames: 5 });
    const { bytes } = shelf;
    shelf.fork("b1", "b0", 2);
    expect(shelf.bytes).toBe(bytes);
    shelf.truncate("b0", 0);
    shelf.put(aFrame({ branch: "b1", frame: 3 }));
    expect([numbers(shelf, "b0"), numbers(shelf, "b1")]).toEqual([[0], [0, 1, 2, 3]]);
  });

  it("keeps how long a frame took when the frame is shown again", () => {
    const shelf = aShelf({ frames: 1 });
    shelf.put(aFrame({ frame: 0, ms: 0, isAgain: true }));
    expect(shelf.at("b0", 0)?.ms).toBe(aFrame().ms);
  });

  it("thins the past when memory is full, but keeps the first frame and the newest", () => {
    const size = aFrame().picture.byteLength;
    const shelf = aShelf({ frames: 4000, maxBytes: 400 * size });
    const kept = numbers(shelf, "b0");
    expect(shelf.bytes).toBeLessThanOrEqual(432 * size);
    expect(kept[0]).toBe(0);
    expect(kept.slice(-96)).toEqual(Array.from({ length: 96 }, (_, index) => 3904 + index));
  });

  it("finds the nearest frame that is kept, for what is not", () => {
    const shelf = new FrameShelf(1e6);
    for (const frame of [10, 20]) shelf.put(aFrame({ frame }));
    expect([5, 10, 14, 33].map((frame) => shelf.near("b0", frame)?.frame)).toEqual([10, 10, 10, 20]);
    expect(shelf.near("b9", 0)).toBeNull();
  });
});
