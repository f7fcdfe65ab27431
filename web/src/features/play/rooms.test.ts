import { expect, it } from "vitest";
import { nameOf, roomsOfRecipe } from "./rooms";

it("reads from a recipe which rooms a network has seen", () => {
  const recipe = { name: "play", clips: [{ room: "arcade", weight: 2 }, { room: "lab" }, null] };
  expect([...roomsOfRecipe(recipe)]).toEqual(["arcade", "lab"]);
  expect(roomsOfRecipe({}).size).toBe(0);
});

it("names a session by its room, else by its words", () => {
  const rooms = ["arcade", "attic", null].map((room) => nameOf({ room, prompt: "a red circle" }));
  expect([...rooms, nameOf({ room: null, prompt: "" })]).toEqual([
    "Arcade",
    "attic",
    "a red circle",
    "A first frame",
  ]);
});
