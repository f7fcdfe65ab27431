import { expect, it } from "vitest";
import { aCheckpoint } from "@/testing/rows";
import { promptsOf, worldModelsIn } from "./training";

const played = aCheckpoint({ recipe: "mini" });
const watching = aCheckpoint({ recipe: "captions", obeys_words: true });
const drawing = aCheckpoint({ recipe: "lab", obeys_words: true, prompts: ["one", "two", "three", "four"] });

it("offers sentences of the newest that obeys words, three at most", () => {
  expect(promptsOf(undefined, [played, drawing])).toEqual(["one", "two", "three"]);
  expect(promptsOf(undefined, [])).toEqual([]);
});

it("offers no other network's sentences where the newest that obeys words learned them of footage", () => {
  expect(promptsOf(undefined, [played, watching, drawing])).toEqual([]);
});

it("offers none where the chosen one was taught none", () => {
  expect(promptsOf(played, [played, drawing])).toEqual([]);
});

it("leaves out matrices for another model", () => {
  const tuned = aCheckpoint({ id: "ckp_2", recipe: "wan-lora", is_world_model: false });
  expect(worldModelsIn([tuned, drawing])).toEqual([drawing]);
});
