/** How many clips are in each split, in the order in which people think of them. Pure. */
export type Split = { readonly name: string; readonly count: number };

const order = ["train", "val", "test"];

export function splitCounts(splits: { readonly [name: string]: number }): Split[] {
  return Object.entries(splits)
    .map(([name, count]) => ({ name, count }))
    .filter((split) => split.count > 0)
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}
