import { expect, it } from "vitest";
import { nextView, panelsOf, type View } from "./views";

it("goes through all views and comes round", () => {
  const seen: View[] = ["side"];
  for (let turn = 0; turn < 4; turn += 1) seen.push(nextView(seen.at(-1) ?? "side"));
  expect(seen).toEqual(["side", "overlay", "difference", "alone", "side"]);
});

it("shows the imagination alone where there is no truth beside it", () => {
  expect(panelsOf("difference", false).map(({ blend }) => blend)).toEqual(["imagined"]);
  expect(panelsOf("side", true).map(({ blend }) => blend)).toEqual(["imagined", "ghost"]);
});
