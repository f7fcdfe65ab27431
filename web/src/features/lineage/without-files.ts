/** The lineage as people tell it: footage, versions, checkpoints, generations, without the files that carry them. Pure. */
import type { Lineage, LineageEdge } from "@/api/types";

/** Things that a model makes, of footage too. */
const made: ReadonlySet<string> = new Set(["generation", "session"]);

/**
 * Takes out each artifact but the one asked about, and joins what stood on both of its sides. An edge that only repeats
 * a longer way between the same two things goes too; but not one from what a model made to the footage that it made it
 * of, which is another fact than that it had learned from it.
 */
export function withoutFiles(lineage: Lineage, focusId: string): Lineage {
  const isFile = new Map(
    lineage.nodes.map((node) => [node.id, node.noun === "artifact" && node.id !== focusId]),
  );
  const parents = edgesByChild(lineage.edges);

  const sourcesOf = (id: string, seen: ReadonlySet<string>): string[] =>
    (parents.get(id) ?? []).flatMap(({ parent_id }) => {
      if (seen.has(parent_id)) return [];
      return isFile.get(parent_id) === true
        ? sourcesOf(parent_id, new Set([...seen, parent_id]))
        : [parent_id];
    });

  const nodes = lineage.nodes.filter((node) => isFile.get(node.id) !== true);
  const edges = nodes.flatMap(({ id }) =>
    [...new Set(sourcesOf(id, new Set([id])))].map((parent_id) => {
      const direct = parents.get(id)?.find((edge) => edge.parent_id === parent_id);
      return direct ?? { child_id: id, parent_id, relation: "derived_from" };
    }),
  );
  const ways = edgesByChild(edges);
  const nounOf = new Map(nodes.map(({ id, noun }) => [id, noun]));
  const isOwnFootage = ({ child_id, parent_id }: LineageEdge) =>
    nounOf.get(parent_id) === "asset" && made.has(nounOf.get(child_id) ?? "");
  return {
    ...lineage,
    nodes,
    edges: edges.filter((edge) => isOwnFootage(edge) || !isShortcut(edge, ways)),
  };
}

function edgesByChild(edges: readonly LineageEdge[]): Map<string, LineageEdge[]> {
  const found = new Map<string, LineageEdge[]>();
  for (const edge of edges) {
    const known = found.get(edge.child_id);
    if (known === undefined) found.set(edge.child_id, [edge]);
    else known.push(edge);
  }
  return found;
}

function isShortcut(edge: LineageEdge, ways: ReadonlyMap<string, readonly LineageEdge[]>): boolean {
  const parentsOf = (id: string) => (ways.get(id) ?? []).filter((other) => other !== edge);
  const seen = new Set<string>();
  const waiting = parentsOf(edge.child_id).map((other) => other.parent_id);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id === edge.parent_id) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    waiting.push(...parentsOf(id).map((other) => other.parent_id));
  }
  return false;
}
