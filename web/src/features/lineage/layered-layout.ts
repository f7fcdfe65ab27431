/**
 * Places a lineage from left (what was there first) to right (what was made of it). Pure.
 *
 * Layers by the longest path from a source, order within a layer by the barycentre of the neighbours, four sweeps:
 * the usual steps of Sugiyama, Tagawa and Toda 1981, without dummy nodes, which lineages of this size do not need.
 */
import type { LineageEdge, LineageNode } from "@/api/types";

export type Placed = { readonly node: LineageNode; readonly x: number; readonly y: number };
export type Curve = { readonly edge: LineageEdge; readonly path: string };
export type Layout = {
  readonly placed: readonly Placed[];
  readonly curves: readonly Curve[];
  readonly width: number;
  readonly height: number;
};

export const NODE_WIDTH = 190;
export const NODE_HEIGHT = 52;
const LAYER_GAP = 54;
const ROW_GAP = 18;
const SWEEPS = 4;

export function layOut(nodes: readonly LineageNode[], edges: readonly LineageEdge[]): Layout {
  const ids = new Set(nodes.map((node) => node.id));
  const known = edges.filter((edge) => ids.has(edge.child_id) && ids.has(edge.parent_id));
  const layers = ordered(intoLayers(nodes, known), known);
  const tallest = Math.max(0, ...layers.map((layer) => layer.length));
  const height = Math.max(0, tallest * (NODE_HEIGHT + ROW_GAP) - ROW_GAP);
  const placed = layers.flatMap((layer, column) => {
    const top = (height - (layer.length * (NODE_HEIGHT + ROW_GAP) - ROW_GAP)) / 2;
    return layer.map((node, row) => ({
      node,
      x: column * (NODE_WIDTH + LAYER_GAP),
      y: top + row * (NODE_HEIGHT + ROW_GAP),
    }));
  });
  const at = new Map(placed.map((place) => [place.node.id, place]));
  return {
    placed,
    curves: known.flatMap((edge) => curve(edge, at)),
    width: Math.max(0, layers.length * (NODE_WIDTH + LAYER_GAP) - LAYER_GAP),
    height,
  };
}

function intoLayers(nodes: readonly LineageNode[], edges: readonly LineageEdge[]): LineageNode[][] {
  const depth = new Map<string, number>();
  const parents = new Map<string, string[]>();
  for (const edge of edges)
    parents.set(edge.child_id, [...(parents.get(edge.child_id) ?? []), edge.parent_id]);
  const depthOf = (id: string, seen: ReadonlySet<string>): number => {
    const found = depth.get(id);
    if (found !== undefined) return found;
    // Lineage has no cycles; should a fault make one, it is cut here rather than followed for ever.
    const above = (parents.get(id) ?? []).filter((parent) => !seen.has(parent));
    const own = Math.max(-1, ...above.map((parent) => depthOf(parent, new Set([...seen, id])))) + 1;
    depth.set(id, own);
    return own;
  };
  const layers: LineageNode[][] = [];
  for (const node of nodes) {
    const layer = depthOf(node.id, new Set());
    while (layers.length <= layer) layers.push([]);
    layers[layer]?.push(node);
  }
  return layers;
}

function ordered(layers: LineageNode[][], edges: readonly LineageEdge[]): LineageNode[][] {
  let current = layers;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const rows = new Map(current.flatMap((layer) => layer.map((node, row) => [node.id, row] as const)));
    const isDown = sweep % 2 === 0;
    const centre = (node: LineageNode): number => {
      const near = edges.flatMap((edge) => {
        if (isDown && edge.child_id === node.id) return [rows.get(edge.parent_id) ?? 0];
        if (!isDown && edge.parent_id === node.id) return [rows.get(edge.child_id) ?? 0];
        return [];
      });
      return near.length === 0
        ? (rows.get(node.id) ?? 0)
        : near.reduce((sum, row) => sum + row, 0) / near.length;
    };
    current = current.map((layer) => [...layer].sort((a, b) => centre(a) - centre(b)));
  }
  return current;
}

function curve(edge: LineageEdge, at: ReadonlyMap<string, Placed>): Curve[] {
  const [from, to] = [at.get(edge.parent_id), at.get(edge.child_id)];
  if (from === undefined || to === undefined) return [];
  const [x0, y0] = [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2];
  const [x1, y1] = [to.x, to.y + NODE_HEIGHT / 2];
  const bend = Math.max(30, (x1 - x0) / 2);
  return [{ edge, path: `M${x0} ${y0} C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}` }];
}
