import { expect, it } from "vitest";
import { suggestionsFor } from "./suggestions";

it("speaks of what is in the scene", () => {
  expect(suggestionsFor("A large red striped circle hits a blue ring.")).toEqual([
    "the red circle turns cyan",
    "the red circle becomes a triangle",
    "the blue ring turns yellow",
  ]);
});

it("has something to say in any world", () => {
  expect(suggestionsFor("")).toHaveLength(3);
  expect(suggestionsFor("")[0]).toBe("the ball turns blue");
});
