import { expect, it } from "vitest";
import { suggestionsFor } from "./suggestions";

it("speaks of what is in the scene", () => {
  expect(suggestionsFor("A large red striped circle hits a blue ring.")).toEqual([
    "the red circle turns cyan",
    "the red circle becomes a triangle",
    "the blue ring turns yellow",
  ]);
});

it("speaks of things as what was said has made them", () => {
  const said = ["the red circle turns cyan", "the blue ring turns red. the cyan circle becomes a star"];
  expect(suggestionsFor("a red circle, a blue ring", said)).toEqual([
    "the cyan star turns red",
    "the cyan star becomes a circle",
    "the red ring turns blue",
  ]);
});

it("has nothing to say where nothing is named", () => {
  expect(suggestionsFor("")).toEqual([]);
  expect(suggestionsFor("top-down arcade, a pink player, two coins")).toEqual([]);
});
