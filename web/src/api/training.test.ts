import { expect, it } from "vitest";
import { promptsOf } from "./training";
import type { Checkpoint } from "./types";

const aCheckpoint = (recipe: string, prompts: string[], obeys_words = prompts.length > 0): Checkpoint => ({
  id: `ckp_${recipe}`,
  created_at: "2026-01-01T00:00:00Z",
  run_id: "run_1",
  step: 1,
  artifact_id: "art_1",
  digest: "0",
  is_final: true,
  card: {},
  config: {},
  recipe,
  prompts,
  obeys_words,
});
const played = aCheckpoint("mini", []);
const watching = aCheckpoint("footage", [], true);
const drawing = aCheckpoint("lab", ["one", "two", "three", "four"]);

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
