import { expect, it } from "vitest";
import { freshChoices, sessionFrom } from "./begin";

it("begins a room with the scene on its card, unless a seed is chosen", () => {
  const arcade = { kind: "room", room: "arcade", seed: 4, checkpointId: "" } as const;
  expect(sessionFrom(arcade, freshChoices)).toEqual({ room: "arcade", seed: 4, steps: 2, fps: 8 });
  expect(
    sessionFrom({ ...arcade, checkpointId: "ckp_1" }, { ...freshChoices, seed: 9, engine: "ours" }),
  ).toMatchObject({
    seed: 9,
    checkpoint_id: "ckp_1",
    engine: "ours",
  });
});

it("begins words and pictures with the chosen network", () => {
  const chosen = { ...freshChoices, checkpointId: "ckp_1" };
  expect(sessionFrom({ kind: "words", prompt: "a red circle" }, chosen).checkpoint_id).toBe("ckp_1");
});

it("gives one first frame at most", () => {
  const words = sessionFrom({ kind: "words", prompt: " a red circle " }, freshChoices);
  const footage = sessionFrom({ kind: "footage", assetId: "ast_1", frame: 12, prompt: "" }, freshChoices);
  expect([words.prompt, words.image, footage.asset_id, footage.frame, footage.room]).toEqual([
    "a red circle",
    undefined,
    "ast_1",
    12,
    undefined,
  ]);
});
