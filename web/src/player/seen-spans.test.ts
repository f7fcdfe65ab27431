import { expect, it } from "vitest";
import { frameIndex } from "@/units";
import { SeenSpans } from "./seen-spans";

const see = (seen: SeenSpans, frames: number[]) => {
  for (const frame of frames) seen.see(frameIndex(frame));
};

it("joins what was played, skipped frames included, and keeps jumps apart", () => {
  const seen = new SeenSpans(5);
  see(seen, [0, 1, 4, 5, 100, 103]);
  expect(seen.take()).toEqual([
    { start_frame: 0, end_frame: 6 },
    { start_frame: 100, end_frame: 104 },
  ]);
});

it("notes each viewing once", () => {
  const seen = new SeenSpans();
  see(seen, [7]);
  expect([seen.take(), seen.take()]).toEqual([[{ start_frame: 7, end_frame: 8 }], []]);
});

it("joins spans that grew into each other", () => {
  const seen = new SeenSpans(3);
  see(seen, [10, 0, 2, 4, 6, 8]);
  expect(seen.take()).toEqual([{ start_frame: 0, end_frame: 11 }]);
});

it("takes what could not be noted again, with what was seen since", () => {
  const seen = new SeenSpans();
  see(seen, [7]);
  for (const span of seen.take()) seen.giveBack(span);
  see(seen, [8, 100]);
  expect(seen.take()).toEqual([
    { start_frame: 7, end_frame: 9 },
    { start_frame: 100, end_frame: 101 },
  ]);
});
