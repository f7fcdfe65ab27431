import { expect, it } from "vitest";
import { suggestionsFor } from "./suggestions";

it("speaks of what is in the scene", () => {
  expect(suggestionsFor("A large red striped circle hits a blue ring.")).toEqual([
    "the red circle turns cyan",
    "the red circle becomes a triangle",
    "the blue ring turns yellow",
  ]);
});

it("has nothing to say where nothing is named", () => {
  expect(suggestionsFor("")).toEqual([]);
  expect(suggestionsFor("top-down arcade, a pink player, two coins")).toEqual([]);
});
