import { expect, it } from "vitest";
import { promptOf, provenance } from "./generation-words";

it("reads the prompt of any spec", () => {
  expect([promptOf({ spec: { prompt: "a red ball" } }), promptOf({ spec: {} })]).toEqual(["a red ball", ""]);
});

it("tells four states of a signature apart", () => {
  expect(["trusted", "stranger", "tampered", null].map((state) => provenance(state).tone)).toEqual([
    "ok",
    "warn",
    "bad",
    "plain",
  ]);
});
