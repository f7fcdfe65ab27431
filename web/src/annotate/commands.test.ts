import { expect, it } from "vitest";
import { begin, edit, redo, undo } from "./commands";

it("takes edits back and makes them again", () => {
  const history = edit(edit(begin("a"), "b"), "c");
  expect(undo(undo(history)).present).toBe("a");
  expect(redo(undo(history)).present).toBe("c");
});

it("forgets what was undone once something else is done", () => {
  const history = edit(undo(edit(begin("a"), "b")), "c");
  expect(redo(history)).toBe(history);
  expect(undo(history).present).toBe("a");
});

it("stays where it is at both ends", () => {
  const history = begin("a");
  expect([undo(history), redo(history), edit(history, "a")]).toEqual([history, history, history]);
});
