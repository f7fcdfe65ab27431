import { expect, it } from "vitest";
import { pictureRows } from "./pictures";

it("puts what belongs to one clip in one row, and keeps a name without a clip", () => {
  expect(pictureRows({ "0/true": "a", "0/model": "b", "1/true": "c", scatter: "d" })).toEqual([
    {
      name: "0",
      at: [
        { method: "true", url: "a" },
        { method: "model", url: "b" },
      ],
    },
    { name: "1", at: [{ method: "true", url: "c" }] },
    { name: "", at: [{ method: "scatter", url: "d" }] },
  ]);
});
