/**
 * Places a lineage from left (what was there first) to right (what was made of it). Pure.
 *
 * Layers by the longest path from a source, order within a layer by the barycentre of the neighbours, four sweeps: the
 * usual steps of Sugiyama, Tagawa and Toda 1981. An edge that spans layers gets a passage in each, so that it runs
 * between things and never behind one.
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

/** What has a row in a layer: a thing, or (null) the passage of an edge. */
type Item = { readonly id: string; readonly node: LineageNode | null };
type Place = { readonly x: number; readonly y: number };
type Link = Pick<LineageEdge, "child_id" | "parent_id">;
/** An edge with all that it touches, from the parent through its passages to the child. */
type Way = { readonly edge: LineageEdge; readonly stops: readonly string[] };

export const NODE_WIDTH = 190;
export const NODE_HEIGHT = 52;
const LAYER_GAP = 54;
const ROW_GAP = 18;
const SWEEPS = 4;

const heightOf = ({ node }: Item): number => (node === null ? 0 : NODE_HEIGHT);
const heightOfLayer = (layer: readonly Item[]): number =>
  layer.reduce((sum, item) => sum + heightOf(item) + ROW_GAP, -ROW_GAP);

export function layOut(nodes: readonly LineageNode[], edges: readonly LineageEdge[]): Layout {
  const ids = new Set(nodes.map((node) => node.id));
  const known = edges.filter((edge) => ids.has(edge.child_id) && ids.has(edge.parent_id));
  const { layers, ways } = withPassages(intoLayers(nodes, known), known);
  const links = ways.flatMap(({ stops }) =>
    stops.slice(1).map((child_id, at): Link => ({ child_id, parent_id: stops[at] ?? child_id })),
  );
  const height = Math.max(0, ...layers.map(heightOfLayer));
  const at = new Map<string, Place>();
  const placed = ordered(layers, links).flatMap((layer, column) => {
    const x = column * (NODE_WIDTH + LAYER_GAP);
    let y = (height - heightOfLayer(layer)) / 2;
    return layer.flatMap((item) => {
      const place = { x, y };
      at.set(item.id, { x, y: y + heightOf(item) / 2 });
      y += heightOf(item) + ROW_GAP;
      return item.node === null ? [] : [{ node: item.node, ...place }];
    });
  });
  return {
    placed,
    curves: ways.map(({ edge, stops }) => ({
      edge,
      path: pathThrough(stops.flatMap((id) => at.get(id) ?? [])),
    })),
    width: Math.max(0, layers.length * (NODE_WIDTH + LAYER_GAP) - LAYER_GAP),
    height,
  };
}

/** The same layers with a row in each for every edge that passes through it. */
function withPassages(
  nodes: readonly (readonly LineageNode[])[],
  edges: readonly LineageEdge[],
): { layers: Item[][]; ways: Way[] } {
  const layers = nodes.map((layer) => layer.map((node): Item => ({ id: node.id, node })));
  const layerOf = new Map(nodes.flatMap((layer, column) => layer.map(({ id }) => [id, column] as const)));
  const ways = edges.map((edge) => {
    const passages: string[] = [];
    for (
      let column = (layerOf.get(edge.parent_id) ?? 0) + 1;
      column < (layerOf.get(edge.child_id) ?? 0);
      column++
    ) {
      const id = `${edge.child_id} ${edge.parent_id} ${edge.relation} ${column}`;
      passages.push(id);
      layers[column]?.push({ id, node: null });
    }
    return { edge, stops: [edge.parent_id, ...passages, edge.child_id] };
  });
  return { layers, ways };
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

function ordered(layers: Item[][], links: readonly Link[]): Item[][] {
  const current = [...layers];
  const rows = new Map<string, number>();
  const count = (layer: readonly Item[]) => {
    for (const [row, { id }] of layer.entries()) rows.set(id, row);
  };
  current.forEach(count);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    const centre = ({ id }: Item): number => {
      const near = links.flatMap((link) => {
        if (isDown && link.child_id === id) return [rows.get(link.parent_id) ?? 0];
        if (!isDown && link.parent_id === id) return [rows.get(link.child_id) ?? 0];
        return [];
      });
      return near.length === 0 ? (rows.get(id) ?? 0) : near.reduce((sum, row) => sum + row, 0) / near.length;
    };
    const columns = [...current.keys()];
    for (const column of isDown ? columns : columns.reverse()) {
      // Each layer by the one before it as that one stands now: by what it was, two could change places for ever.
      const layer = (current[column] ?? []).toSorted((a, b) => centre(a) - centre(b));
      current[column] = layer;
      count(layer);
    }
  }
  return current;
}

/** From the right side of the first stop to the left side of the last, straight across the columns between. */
function pathThrough(stops: readonly Place[]): string {
  return stops.slice(1).reduce((path, to, at) => {
    const from = stops[at] ?? to;
    const start = from.x + NODE_WIDTH;
    const bend = Math.max(30, (to.x - start) / 2);
    return `${path}${at === 0 ? "M" : "L"}${start} ${from.y} C${start + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`;
  }, "");
}
