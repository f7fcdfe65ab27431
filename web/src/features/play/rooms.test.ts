import { expect, it } from "vitest";
import { roomName, roomsOfRecipe } from "./rooms";

it("reads from a recipe which rooms a network has seen", () => {
  const recipe = { name: "play", clips: [{ room: "arcade", weight: 2 }, { room: "lab" }, null] };
  expect([...roomsOfRecipe(recipe)]).toEqual(["arcade", "lab"]);
  expect(roomsOfRecipe({}).size).toBe(0);
});

it("calls a room of a newer server by its id", () => {
  expect([roomName("arcade"), roomName("attic"), roomName(null)]).toEqual(["Arcade", "attic", null]);
});
