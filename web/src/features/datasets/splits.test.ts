import { expect, it } from "vitest";
import { splitCounts } from "./splits";

it("keeps the order of splits and leaves out empty ones", () => {
  expect(splitCounts({ test: 2, train: 8, val: 0 })).toEqual([
    { name: "train", count: 8 },
    { name: "test", count: 2 },
  ]);
});
