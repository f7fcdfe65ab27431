import { describe, expect, it } from "vitest";
import { layOut, NODE_HEIGHT, NODE_WIDTH } from "./layered-layout";

const node = (id: string) => ({ id, noun: "asset", title: id, depth: 0, relation: "", facts: {} });
const edge = (child_id: string, parent_id: string) => ({ child_id, parent_id, relation: "derived_from" });

describe("layOut", () => {
  const layout = layOut(["footage", "version", "checkpoint", "generation", "prompt"].map(node), [
    edge("version", "footage"),
    edge("checkpoint", "version"),
    edge("generation", "checkpoint"),
    edge("generation", "prompt"),
  ]);
  const x = (id: string) => layout.placed.find((place) => place.node.id === id)?.x ?? Number.NaN;

  it("puts what was made to the right of all that it was made of", () => {
    expect(["footage", "version", "checkpoint", "generation"].map(x)).toEqual([0, 244, 488, 732]);
    expect(x("prompt")).toBe(0);
    expect(layout.width).toBe(732 + NODE_WIDTH);
  });
  it("draws a curve for each edge between nodes that it knows", () => {
    expect(layout.curves).toHaveLength(4);
    expect(layOut([node("a")], [edge("a", "elsewhere")]).curves).toHaveLength(0);
  });
  it("lets no two nodes overlap", () => {
    for (const a of layout.placed)
      for (const b of layout.placed)
        if (a !== b && a.x === b.x) expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(NODE_HEIGHT);
  });
  it("leads an edge past the things between its ends and never behind one", () => {
    const told = layOut(["a", "b", "c", "d"].map(node), [
      edge("b", "a"),
      edge("c", "b"),
      edge("d", "c"),
      edge("d", "a"),
    ]);
    const path = told.curves.find(
      ({ edge: drawn }) => drawn.parent_id === "a" && drawn.child_id === "d",
    )?.path;
    // Straight across each column from a corner of it to the other: "x y L x y".
    const crossed = [...(path ?? "").matchAll(/(\S+) (\S+)L(\S+) (\S+)/g)].map((m) => m.slice(1).map(Number));
    expect(crossed.map(([from, , to]) => [from, to])).toEqual([
      [244, 244 + NODE_WIDTH],
      [488, 488 + NODE_WIDTH],
    ]);
    for (const [x0, y] of crossed)
      for (const { x: left, y: top } of told.placed)
        if (left === x0) expect(y !== undefined && (y < top || y > top + NODE_HEIGHT)).toBe(true);
  });
  it("uncrosses what can be uncrossed", () => {
    const crossed = layOut(["a", "b", "d", "c"].map(node), [edge("c", "a"), edge("d", "b")]);
    const y = (id: string) => crossed.placed.find((place) => place.node.id === id)?.y ?? Number.NaN;
    expect(y("c") < y("d")).toBe(y("a") < y("b"));
  });
  it("ends even where a fault made a cycle", () => {
    expect(layOut(["a", "b"].map(node), [edge("a", "b"), edge("b", "a")]).placed).toHaveLength(2);
  });
});
