import { expect, it } from "vitest";
import { kindOf } from "./event-kinds";

it("presses the filter that the address names, and none for a name of its own", () => {
  expect([undefined, "rights.", "login.", "run.failed"].map((name) => kindOf(name))).toEqual([
    "",
    "rights.",
    "login.",
    null,
  ]);
});
