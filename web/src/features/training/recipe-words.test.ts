import { expect, it } from "vitest";
import { plainFields, recipeName } from "./recipe-words";

it("names a recipe with the size of its model, as far as it says so", () => {
  expect([recipeName({ name: "bakeoff", model: { name: "nano" } }), recipeName({})]).toEqual([
    "bakeoff · nano",
    "–",
  ]);
});

it("lists fields as people read them", () => {
  expect(plainFields({ batch_clips: 16, ema: 0.995, gone: null, clips: [1], model: { width: 128 } })).toEqual(
    [
      ["batch clips", "16"],
      ["ema", "0.995"],
      ["clips", "[1]"],
      ["model width", "128"],
    ],
  );
});
