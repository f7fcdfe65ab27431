import { expect, it } from "vitest";
import { provenance } from "./generation-words";

it("tells four states of a signature apart", () => {
  expect(["trusted", "stranger", "tampered", null].map((state) => provenance(state).tone)).toEqual([
    "ok",
    "warn",
    "bad",
    "plain",
  ]);
});
