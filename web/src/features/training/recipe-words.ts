/** What a stored recipe says of itself. It is open JSON: recipes of other versions must still be shown. Pure. */

export function recipeName(recipe: object): string {
  const name: unknown = Reflect.get(recipe, "name");
  const model: unknown = Reflect.get(recipe, "model");
  const size: unknown = typeof model === "object" && model !== null ? Reflect.get(model, "name") : null;
  return [name, size].filter((part) => typeof part === "string").join(" · ") || "–";
}

/** The fields of a recipe or card, for a list of facts: what is nested is named by both words, lists become JSON. */
export function plainFields(values: object, group = ""): [string, string][] {
  return Object.entries(values).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    const words = `${group}${name.replace(/_/g, " ")}`;
    if (value === null || value === "") return [];
    if (typeof value === "object" && !Array.isArray(value)) return plainFields(value, `${words} `);
    return [[words, fieldInWords(value)]];
  });
}

function fieldInWords(value: unknown): string {
  if (typeof value === "number")
    return Number.isInteger(value) ? value.toLocaleString("en") : String(Number(value.toPrecision(4)));
  return typeof value === "string" ? value : JSON.stringify(value);
}
