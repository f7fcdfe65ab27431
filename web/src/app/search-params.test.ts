import { expect, it } from "vitest";
import { numberIn, textIn } from "./search-params";

it("keeps what is of the right kind and leaves out the rest", () => {
  expect([textIn({ q: "a" }, "q"), textIn({ q: 7 }, "q"), textIn({}, "q")]).toEqual([
    { q: "a" },
    { q: "7" },
    {},
  ]);
  expect([numberIn({ frame: "12" }, "frame"), numberIn({ frame: "x" }, "frame")]).toEqual([
    { frame: 12 },
    {},
  ]);
});
