import { expect, it } from "vitest";
import { playedRoomOf, promptOf, provenance } from "./generation-words";

it("reads the prompt of any spec", () => {
  expect([promptOf({ spec: { prompt: "a red ball" } }), promptOf({ spec: {} })]).toEqual(["a red ball", ""]);
});

it("knows the room of a play, and of nothing else", () => {
  const specs = [{ script: { room: "arcade" } }, { script: { room: null } }, { prompt: "a red ball" }];
  expect(specs.map((spec) => playedRoomOf({ spec }))).toEqual(["arcade", null, null]);
});

it("tells four states of a signature apart", () => {
  expect(["trusted", "stranger", "tampered", null].map((state) => provenance(state).tone)).toEqual([
    "ok",
    "warn",
    "bad",
    "plain",
  ]);
});
