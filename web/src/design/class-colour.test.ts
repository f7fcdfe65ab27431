import { expect, it } from "vitest";
import { classColour } from "./class-colour";

it("gives each class of an ontology a colour of its own, and a class of an older one the last", () => {
  const names = ["object", "person", "vehicle"];
  expect(names.map((name) => classColour(name, names))).toEqual([
    "var(--class-0)",
    "var(--class-1)",
    "var(--class-2)",
  ]);
  expect(classColour("gone", names)).toBe("var(--class-7)");
});
