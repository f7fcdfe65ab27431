import { expect, it } from "vitest";
import { columnsOf, smoothed, smoothing } from "./curves";

it("turns metrics into columns with gaps where a value is missing", () => {
  const metrics = [
    { step: 1, values: { loss: 2, text_loss: 1 } },
    { step: 5, values: { loss: 1, frame_loss: 0.5 } },
  ];
  expect(columnsOf(metrics)).toEqual([
    [1, 5],
    [2, 1],
    [null, 0.5],
    [1, null],
  ]);
});

it("smooths the more, the more steps there are", () => {
  expect([smoothing(5), smoothing(24), smoothing(10_000)]).toEqual([0, 0.5, 0.95]);
});

it("smooths without moving the first value", () => {
  expect(smoothed([4, 2, null, 2], 0.5)).toEqual([4, 3, 3, 2.5]);
});
