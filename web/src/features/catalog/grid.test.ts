import { expect, it } from "vitest";
import { gridShape, tileAt } from "./grid";

it("fits as many cards as there is room for, and at least one", () => {
  expect([gridShape(1000).columns, gridShape(232).columns, gridShape(100).columns]).toEqual([4, 1, 1]);
  expect(gridShape(976).cardWidth * 4 + 16 * 3).toBeCloseTo(976, 6);
});

it("spreads the filmstrip over the whole card", () => {
  expect([tileAt(10, 0), tileAt(10, 0.55), tileAt(10, 1)]).toEqual([0, 5, 9]);
});
