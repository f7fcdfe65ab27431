import { expect, it } from "vitest";
import { freshDraft, specFrom } from "./spec";

it("asks for footage only where the kind goes on from footage", () => {
  const text = specFrom({ ...freshDraft, engine: "ours", checkpoint_id: "ckp_1" });
  expect([text.checkpoint_id, text.asset_id, text.start_frame]).toEqual(["ckp_1", undefined, undefined]);
  const onward = specFrom({ ...freshDraft, kind: "continuation", asset_id: "ast_1" });
  expect([onward.checkpoint_id, onward.asset_id, onward.start_frame]).toEqual([undefined, "ast_1", 24]);
});
