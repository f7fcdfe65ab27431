/** The pictures of an evaluation, "3/model", as rows of one clip each with a column a method. Pure. */
export type PictureRow = {
  readonly name: string;
  readonly at: readonly { readonly method: string; readonly url: string }[];
};

export function pictureRows(pictures: { readonly [name: string]: string }): PictureRow[] {
  const rows = new Map<string, { method: string; url: string }[]>();
  for (const [path, url] of Object.entries(pictures)) {
    const cut = path.lastIndexOf("/");
    const name = path.slice(0, Math.max(0, cut));
    rows.set(name, [...(rows.get(name) ?? []), { method: path.slice(cut + 1), url }]);
  }
  return [...rows].map(([name, at]) => ({ name, at }));
}
