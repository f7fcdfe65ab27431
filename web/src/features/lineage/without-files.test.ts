import { expect, it } from "vitest";
import { withoutFiles } from "./without-files";

const node = (id: string, noun: string) => ({ id, noun, title: id, depth: 0, relation: "", facts: {} });
const edge = (child_id: string, parent_id: string) => ({ child_id, parent_id, relation: "r" });
const lineage = {
  nodes: [
    node("ast", "asset"),
    node("f1", "artifact"),
    node("f2", "artifact"),
    node("ver", "version"),
    node("ckp", "checkpoint"),
  ],
  edges: [edge("f1", "ast"), edge("f2", "f1"), edge("ver", "f2"), edge("ver", "ast"), edge("ckp", "ver")],
  truncated: false,
};

it("joins what stood on both sides of a file, once", () => {
  const told = withoutFiles(lineage, "ckp");
  expect(told.nodes.map(({ id }) => id)).toEqual(["ast", "ver", "ckp"]);
  expect(told.edges).toEqual([edge("ver", "ast"), edge("ckp", "ver")]);
});

it("leaves out an edge that repeats a longer way, but for the footage that a thing itself goes on from", () => {
  const nodes = [...lineage.nodes, node("gen", "generation")];
  const edges = [...lineage.edges, edge("gen", "ckp"), edge("gen", "ver"), edge("gen", "ast")];
  const told = withoutFiles({ ...lineage, nodes, edges }, "gen").edges;
  expect(told.filter(({ child_id }) => child_id === "gen")).toEqual([edge("gen", "ckp"), edge("gen", "ast")]);
});

it("keeps the file that was asked about", () => {
  const told = withoutFiles(lineage, "f2");
  expect(told.nodes.map(({ id }) => id)).toEqual(["ast", "f2", "ver", "ckp"]);
  expect(told.edges.map(({ child_id, parent_id }) => `${parent_id}>${child_id}`)).toEqual([
    "ast>f2",
    "f2>ver",
    "ver>ckp",
  ]);
});
