import { expect, it } from "vitest";
import { kindOf } from "./event-kinds";

it("presses the filter that the address names, and none for a name of its own", () => {
  const names = [undefined, "rights.", "consent.", "login.", "run.failed"];
  expect(names.map((name) => kindOf(name))).toEqual(["", "rights.", "consent.", "login.", null]);
});
