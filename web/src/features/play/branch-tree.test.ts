import { describe, expect, it } from "vitest";
import {
  type BranchTree,
  currentBranch,
  treeRows,
  treeWidth,
  withBranch,
  withLastFrame,
} from "./branch-tree";

const alone: BranchTree = {
  branches: [{ id: "b0", seed: 7, fromBranch: null, fromFrame: null, numFrames: 10, said: [] }],
  current: "b0",
};
const leave = (tree: BranchTree, id: string, fromBranch: string | null, fromFrame: number | null) =>
  withBranch(tree, { id, seed: 7, fromBranch, fromFrame });

describe("the tree of branches", () => {
  it("gives a new branch the frames up to the one where it left, and makes it current", () => {
    const tree = leave(alone, "b1", "b0", 4);
    expect(currentBranch(tree)).toEqual({
      id: "b1",
      seed: 7,
      fromBranch: "b0",
      fromFrame: 4,
      numFrames: 5,
      said: [],
    });
    expect(currentBranch(withLastFrame(tree, "b1", 5))?.numFrames).toBe(6);
  });

  it("shortens a branch that was gone back in and leaves the others as they are", () => {
    const tree = withLastFrame(leave(alone, "b1", "b0", 4), "b0", 2);
    expect(tree.branches.map((branch) => branch.numFrames)).toEqual([3, 5]);
  });

  it("knows what was said in each branch, as far back as it was gone in", () => {
    const red = { frame: 4, words: "the ball turns red" };
    const blue = { frame: 7, words: "the ball turns blue" };
    const spoken = withLastFrame(withLastFrame(alone, "b0", 4, red.words), "b0", 7, blue.words);
    expect(currentBranch(withLastFrame(spoken, "b0", 8, null))?.said).toEqual([red, blue]);
    expect(currentBranch(withLastFrame(spoken, "b0", 7, blue.words))?.said).toEqual([red, blue]);
    expect(currentBranch(withLastFrame(spoken, "b0", 6))?.said).toEqual([red]);
    expect(currentBranch(leave(spoken, "b1", "b0", 7))?.said).toEqual([red, blue]);
    expect(currentBranch(leave(spoken, "b1", "b0", 5))?.said).toEqual([red]);
    expect(currentBranch(leave(spoken, "b1", null, null))?.said).toEqual([]);
  });

  it("draws each branch under the one that it left, later departures nearer, a restart at the end", () => {
    const tree = leave(
      leave(leave(leave(alone, "b1", "b0", 2), "b2", "b1", 2), "b3", null, null),
      "b4",
      "b0",
      8,
    );
    expect(treeRows(tree).map(({ branch, parentRow, start }) => [branch.id, parentRow, start])).toEqual([
      ["b0", null, 0],
      ["b4", 0, 8],
      ["b1", 0, 2],
      ["b2", 2, 2],
      ["b3", null, 0],
    ]);
    expect(treeWidth(tree)).toBe(10);
  });
});
