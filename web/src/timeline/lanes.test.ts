import { expect, it } from "vitest";
import { type LaneSpan, lanesHeight, packRows, placeLanes } from "./lanes";

const span = (id: string, start: number, end: number): LaneSpan => ({
  id,
  start,
  end,
  label: id,
  colour: "red",
});

it("puts spans that overlap in rows of their own and reuses a row that is free again", () => {
  const rows = packRows([span("b", 5, 15), span("a", 0, 10), span("c", 10, 20)]).map(({ id, row }) => [
    id,
    row,
  ]);
  expect(rows).toEqual([
    ["a", 0],
    ["b", 1],
    ["c", 0],
  ]);
});

it("stacks lanes under the ruler, each as high as its rows", () => {
  const placed = placeLanes([
    { name: "Shots", spans: [span("s", 0, 50)] },
    { name: "Tracks", spans: [span("t", 10, 20)] },
  ]);
  expect(placed.map(({ top, height }) => [top, height])).toEqual([
    [32, 20],
    [60, 20],
  ]);
  expect(lanesHeight(placed)).toBe(88);
});
