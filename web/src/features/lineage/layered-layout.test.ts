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
  it("uncrosses what can be uncrossed", () => {
    const crossed = layOut(["a", "b", "d", "c"].map(node), [edge("c", "a"), edge("d", "b")]);
    const y = (id: string) => crossed.placed.find((place) => place.node.id === id)?.y ?? Number.NaN;
    expect(y("c") < y("d")).toBe(y("a") < y("b"));
  });
  it("ends even where a fault made a cycle", () => {
    expect(layOut(["a", "b"].map(node), [edge("a", "b"), edge("b", "a")]).placed).toHaveLength(2);
  });
});
