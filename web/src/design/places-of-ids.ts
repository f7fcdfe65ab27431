/** Where the page of a thing is, by the prefix of its id; null for what has no page of its own. Pure. */
const places: Readonly<Record<string, string>> = {
  ast: "/assets",
  prj: "/label",
  dst: "/datasets",
  ver: "/dataset-versions",
  run: "/runs",
  gen: "/generations",
  ses: "/play",
  evl: "/evaluations",
  cmp: "/comparisons",
};

export function placeOf(id: string): string | null {
  const place = places[id.slice(0, id.indexOf("_"))];
  return place === undefined ? null : `${place}/${id}`;
}
