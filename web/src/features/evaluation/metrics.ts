/**
 * An evaluation's figures as rows of a table. Pure.
 *
 * Metrics are JSON of any depth: a number, or an object with `value` and perhaps `low`, `high`, `floor`, `ceiling`, `n`;
 * other objects are groups.
 */
import { figure, plainWords } from "@/design/words";

export type MetricRow = {
  readonly group: string;
  readonly name: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly floor: number | null;
  readonly ceiling: number | null;
  readonly n: number | null;
  readonly note: string;
};

export function metricRows(metrics: object, group = ""): MetricRow[] {
  return Object.entries(metrics).flatMap(([name, entry]: [string, unknown]): MetricRow[] => {
    if (typeof entry === "number") return [row(group, name, { value: entry })];
    if (Array.isArray(entry))
      return entry.flatMap((item: unknown, index) =>
        typeof item === "object" && item !== null && "name" in item && "value" in item
          ? [row(group || name, String(item.name), item)]
          : metricRows({ [`${name} ${index + 1}`]: item }, group),
      );
    if (typeof entry !== "object" || entry === null) return [];
    if ("value" in entry) return [row(group, name, entry)];
    return metricRows(entry, group === "" ? plainWords(name) : `${group}, ${plainWords(name)}`);
  });
}

/** The first few figures in one line. */
export function headline(metrics: object): string {
  return metricRows(metrics)
    .slice(0, 3)
    .map(({ name, value }) => `${plainWords(name)} ${figure(value)}`)
    .join(" · ");
}

function row(group: string, name: string, entry: object): MetricRow {
  const note: unknown = Reflect.get(entry, "note") ?? Reflect.get(entry, "words");
  return {
    group,
    name,
    value: numberIn(entry, "value"),
    low: numberIn(entry, "low"),
    high: numberIn(entry, "high"),
    floor: numberIn(entry, "floor"),
    ceiling: numberIn(entry, "ceiling"),
    n: numberIn(entry, "n"),
    note: typeof note === "string" ? note : "",
  };
}

function numberIn(entry: object, name: string): number | null {
  const value: unknown = Reflect.get(entry, name);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
