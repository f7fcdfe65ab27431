import { describe, expect, it } from "vitest";
import {
  bytesInWords,
  checkpointInWords,
  clockFromSeconds,
  figure,
  framesInWords,
  lengthInWords,
  shortId,
  whenInWords,
} from "./words";

describe("words", () => {
  it("says sizes as people read them", () => {
    expect([0, 999, 1500, 2_340_000, 140_000_000].map(bytesInWords)).toEqual([
      "0 B",
      "999 B",
      "1.5 KB",
      "2.3 MB",
      "140 MB",
    ]);
  });
  it("says times like a player's clock", () => {
    expect([clockFromSeconds(5), clockFromSeconds(75.25, 2), clockFromSeconds(3661)]).toEqual([
      "0:05",
      "1:15.25",
      "1:01:01",
    ]);
  });
  it("says spans and lengths, however short", () => {
    expect([framesInWords(30, 77), framesInWords(4, 5)]).toEqual(["30 – 76", "4"]);
    expect([lengthInWords(0.04), lengthInWords(75)]).toEqual(["0.04 s", "1:15"]);
  });
  it("says how long ago something was", () => {
    const now = new Date("2026-01-02T12:00:00Z");
    expect(whenInWords(new Date("2026-01-02T11:59:50Z"), now)).toBe("just now");
    expect(whenInWords(new Date("2026-01-02T09:00:00Z"), now)).toBe("3 h ago");
  });
  it("keeps both ends of an id", () => {
    expect(shortId("ast_01k9x2mdq4f7s0abcdefghjkmn")).toBe("ast_…hjkmn");
  });
  it("calls a checkpoint by its recipe, its step and its id", () => {
    const checkpoint = { id: "ckp_01k9x2mdq4f7s0abcdefghjkmn", recipe: "mini", step: 4391 };
    expect(checkpointInWords(checkpoint)).toBe("mini · step 4,391 · ckp_…hjkmn");
  });
  it("prints three digits of a metric and a dash for none", () => {
    expect([figure(0.123456), figure(1234), figure(null), figure(0.00002)]).toEqual([
      "0.123",
      "1,234",
      "–",
      "2.0e-5",
    ]);
  });
});
