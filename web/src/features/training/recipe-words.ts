/** What a stored recipe says of itself. It is open JSON: recipes of other versions must still be shown. Pure. */

export function recipeName(recipe: object): string {
  const name: unknown = Reflect.get(recipe, "name");
  const model: unknown = Reflect.get(recipe, "model");
  const size: unknown = typeof model === "object" && model !== null ? Reflect.get(model, "name") : null;
  return [name, size].filter((part) => typeof part === "string").join(" · ") || "–";
}

/** The plain fields of a recipe or card, for a list of facts; lists and objects become JSON. */
export function plainFields(values: object): [string, string][] {
  return Object.entries(values)
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]: [string, unknown]) => [name.replace(/_/g, " "), fieldInWords(value)]);
}

function fieldInWords(value: unknown): string {
  if (typeof value === "number")
    return Number.isInteger(value) ? value.toLocaleString("en") : String(Number(value.toPrecision(4)));
  return typeof value === "string" ? value : JSON.stringify(value);
}
