import { describe, expect, it } from "vitest";
import {
  actionOf,
  actionOfDirection,
  actionOfKey,
  type Held,
  holding,
  isSteerable,
  lettingGo,
} from "./steering";
import { anOpening } from "./testing";

const { actions } = anOpening();

describe("steering", () => {
  it("knows the arrows and the letters that lie like them, in any case", () => {
    expect(["ArrowLeft", "a", "D", "w", "S"].map((key) => actionOfKey(key, actions))).toEqual([
      1, 1, 2, 3, 4,
    ]);
  });

  it("leaves space and other keys to the page", () => {
    expect([" ", "b", "Enter"].map((key) => actionOfKey(key, actions))).toEqual([null, null, null]);
  });

  it("lets the newest key that is still down decide, and rests when none is", () => {
    let held: Held = [];
    const seen = [actionOf(held)];
    for (const change of [
      (now: Held) => holding(now, 1),
      (now: Held) => holding(now, 3),
      (now: Held) => holding(now, 1),
      (now: Held) => lettingGo(now, 3),
      (now: Held) => lettingGo(now, 1),
    ]) {
      held = change(held);
      seen.push(actionOf(held));
    }
    expect(seen).toEqual([0, 1, 3, 3, 1, 0]);
  });

  it("steers nothing in a room where one can only look on", () => {
    const only = actions.slice(0, 1);
    expect([isSteerable(actions), isSteerable(only), actionOfDirection("up", only)]).toEqual([
      true,
      false,
      null,
    ]);
  });
});
