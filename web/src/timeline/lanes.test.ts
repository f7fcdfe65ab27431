import { expect, it } from "vitest";
import { type LaneSpan, lanesHeight, packRows, placeLanes, spanAt } from "./lanes";

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

it("finds the span under a point", () => {
  const placed = placeLanes([
    { name: "Shots", spans: [span("s", 0, 50)] },
    { name: "Tracks", spans: [span("t", 10, 20)] },
  ]);
  expect(spanAt(placed, 12, 33)?.id).toBe("s");
  expect(spanAt(placed, 12, 61)?.id).toBe("t");
  expect(spanAt(placed, 30, 61)).toBeNull();
  expect(lanesHeight(placed)).toBe(88);
});
