import { describe, expect, it } from "vitest";
import { isPrefix, keyCaps, matchStroke, strokeName } from "./keymap";

const bound = new Set(["g c", "a", "Shift+ArrowLeft", "?"]);

describe("keymap", () => {
  it("names strokes, with shift only where it changes the meaning", () => {
    expect(strokeName({ key: "ArrowLeft", shiftKey: true })).toBe("Shift+ArrowLeft");
    expect(strokeName({ key: " ", shiftKey: false })).toBe("Space");
    expect(strokeName({ key: "?", shiftKey: true })).toBe("?");
    expect(strokeName({ key: "D", shiftKey: true })).toBe("Shift+d");
  });
  it("prefers a finished chord to a single key", () => {
    expect(matchStroke("g", "c", bound)).toBe("g c");
    expect(matchStroke("g", "a", bound)).toBe("a");
    expect(matchStroke(null, "c", bound)).toBeNull();
  });
  it("waits after a prefix", () => {
    expect([isPrefix("g", bound), isPrefix("a", bound)]).toEqual([true, false]);
  });
  it("draws key caps", () => {
    expect(keyCaps("Shift+ArrowLeft")).toEqual(["⇧", "←"]);
    expect(keyCaps("g c")).toEqual(["G", "C"]);
  });
});
