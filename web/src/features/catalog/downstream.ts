/** What was made of a thing, directly or at any remove, in the lineage around it. Pure. */
import type { Lineage, LineageNode } from "@/api/types";

export function downstreamOf(lineage: Lineage, id: string): LineageNode[] {
  const found = new Set([id]);
  for (let grew = true; grew; ) {
    const fresh = lineage.edges.filter((edge) => found.has(edge.parent_id) && !found.has(edge.child_id));
    for (const edge of fresh) found.add(edge.child_id);
    grew = fresh.length > 0;
  }
  return lineage.nodes.filter((node) => node.id !== id && found.has(node.id));
}
