/** Reading figures out of JSON of unknown age. Pure. */
export type Estimate = {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number | null;
};
export type Fields = { readonly [name: string]: unknown };

export function estimateFrom(value: unknown): Estimate | null {
  if (typeof value === "number") return { value, low: null, high: null, n: null };
  if (!isFields(value) || typeof value.mean !== "number") return null;
  return { value: value.mean, low: numberOf(value.low), high: numberOf(value.high), n: numberOf(value.n) };
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function fieldsIn(json: Fields | null, name: string): Fields {
  const value = json?.[name];
  return isFields(value) ? value : {};
}

export function listIn(json: Fields, name: string): unknown[] {
  const value = json[name];
  return Array.isArray(value) ? value : [];
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
