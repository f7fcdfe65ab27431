import { expect, it } from "vitest";
import { downstreamOf } from "./downstream";

const node = (id: string) => ({ id, noun: "asset", title: id, depth: 0, relation: "", facts: {} });
const edge = (child_id: string, parent_id: string) => ({ child_id, parent_id, relation: "derived_from" });

it("names what came of a thing and not what it came from", () => {
  const lineage = {
    nodes: ["ckp_old", "gen_a", "ast_a", "ver_b", "ckp_c", "ast_other"].map(node),
    truncated: false,
    edges: [
      edge("gen_a", "ckp_old"),
      edge("ast_a", "gen_a"),
      edge("ver_b", "ast_a"),
      edge("ver_b", "ast_other"),
      edge("ckp_c", "ver_b"),
    ],
  };
  expect(downstreamOf(lineage, "ast_a").map(({ id }) => id)).toEqual(["ver_b", "ckp_c"]);
});
