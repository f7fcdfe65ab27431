import { expect, it } from "vitest";
import { factsInWords } from "./event-facts";

const asset = "ast_01m8d4cztne1d95w74ygpw3g99";

it("tells short facts first and calls things by their short ids", () => {
  const facts = { asset_ids: [asset], run_id: "run_01m8d5sgvme468bngfc2d1xhp0", num_frames: 3 };
  expect(factsInWords(facts)).toBe(`num_frames 3 · run_id run_…1xhp0 · asset_ids ["${asset}"]`);
});

it("tells nothing of nothing", () => {
  expect(factsInWords({})).toBe("");
});
