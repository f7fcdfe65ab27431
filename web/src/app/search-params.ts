/** Reads the part of an address after the question mark: what is missing or of another kind is left out. Pure. */

export function textIn<Name extends string>(
  search: Record<string, unknown>,
  name: Name,
): { [key in Name]?: string | undefined };
export function textIn(search: Record<string, unknown>, name: string): Record<string, string> {
  const value = search[name];
  return typeof value === "string" || typeof value === "number" ? { [name]: String(value) } : {};
}

export function numberIn<Name extends string>(
  search: Record<string, unknown>,
  name: Name,
): { [key in Name]?: number | undefined };
export function numberIn(search: Record<string, unknown>, name: string): Record<string, number> {
  const value = Number(search[name] ?? Number.NaN);
  return Number.isFinite(value) ? { [name]: value } : {};
}
