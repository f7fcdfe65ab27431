import { expect, it } from "vitest";
import { enginesFor, whatIsMissing } from "./engines";

const ours = { name: "ours", kinds: ["play", "continuation"], missing: "" };
const still = { name: "still", kinds: ["image_to_video"], missing: "" };
const lacking = { name: "ours-int8", kinds: [], missing: "Run: pip install 'muybridge[onnx]'." };

it("offers the engines that make the kind with what is installed", () => {
  expect(enginesFor([ours, still, lacking], "play")).toEqual([ours]);
  expect(enginesFor([ours, still, lacking], "image_to_video")).toEqual([still]);
});

it("says once what would bring the others", () => {
  expect(whatIsMissing([ours, lacking, { ...lacking, name: "theirs" }])).toBe(lacking.missing);
  expect(whatIsMissing([ours, still])).toBe("");
});
