import { expect, it } from "vitest";
import { chooseFootage, looksLikeFootage } from "./dropped-files";

const footage = (name: string, type = "") => ({ name, file: new File(["x"], name, { type }) });

it("knows footage by its type or its name", () => {
  expect([
    looksLikeFootage("a.MOV", ""),
    looksLikeFootage("b", "video/mp4"),
    looksLikeFootage("notes.txt", "text/plain"),
    looksLikeFootage(".DS_Store", ""),
  ]).toEqual([true, true, false, false]);
});

it("leaves other files of a folder out, but sends whatever was chosen by itself", () => {
  const files = [footage("shoot/a.mp4"), footage("shoot/.DS_Store")];
  expect(chooseFootage(files, true).numSkipped).toBe(1);
  expect(chooseFootage(files, false).footage).toHaveLength(2);
});
