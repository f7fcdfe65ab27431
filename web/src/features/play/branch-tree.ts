/** The lines of frames that a session holds, and how they left one another. Pure; frames themselves are the shelf's. */
import type { Branch, Origin } from "./protocol";

export type BranchTree = { readonly branches: readonly Branch[]; readonly current: string };

export function currentBranch(tree: BranchTree): Branch | undefined {
  return tree.branches.find((branch) => branch.id === tree.current);
}

/** A branch now ends with this frame: it was gone back in, or grew, by what was said if anything was. */
export function withLastFrame(
  tree: BranchTree,
  id: string,
  frame: number,
  words?: string | null,
): BranchTree {
  const branches = tree.branches.map((branch) => {
    if (branch.id !== id) return branch;
    const kept = branch.said.filter((said) => said.frame <= frame && (said.frame < frame || words == null));
    return { ...branch, numFrames: frame + 1, said: words == null ? kept : [...kept, { frame, words }] };
  });
  return { ...tree, branches };
}

/** A branch was made and is current. */
export function withBranch(tree: BranchTree, origin: Origin): BranchTree {
  const numFrames = origin.fromFrame === null ? 0 : origin.fromFrame + 1;
  const left = tree.branches.find((branch) => branch.id === origin.fromBranch);
  const said = (left?.said ?? []).filter(({ frame }) => frame < numFrames);
  const others = tree.branches.filter((branch) => branch.id !== origin.id);
  return { branches: [...others, { ...origin, numFrames, said }], current: origin.id };
}

export type TreeRow = {
  readonly branch: Branch;
  /** The row that it left, null for one that began anew. */
  readonly parentRow: number | null;
  /** Its first own frame: those before it are another branch's. */
  readonly start: number;
};

/** Branches from top to bottom: each under the one that it left, later departures nearer. */
export function treeRows(tree: BranchTree): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const place = (branch: Branch, parentRow: number | null) => {
    const row = rows.length;
    rows.push({ branch, parentRow, start: branch.fromFrame ?? 0 });
    const children = tree.branches.filter((other) => other.fromBranch === branch.id);
    for (const child of children.toSorted((one, other) => (other.fromFrame ?? 0) - (one.fromFrame ?? 0)))
      place(child, row);
  };
  const isKnown = (id: string | null) => tree.branches.some((branch) => branch.id === id);
  for (const branch of tree.branches) if (!isKnown(branch.fromBranch)) place(branch, null);
  return rows;
}

/** The longest branch, in frames: how wide the tree is. */
export function treeWidth(tree: BranchTree): number {
  return Math.max(1, ...tree.branches.map((branch) => branch.numFrames));
}
