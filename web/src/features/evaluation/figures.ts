/**
 * What an evaluation measured, read out of its JSON. Pure; what is missing or of another kind is left out, since
 * evaluations of older versions must still be shown.
 */
import { cardFrom, headlineRows } from "./card";
import { type Estimate, estimateFrom, type Fields, fieldsIn, isFields, listIn } from "./json";

export type FactRow = { readonly name: string; readonly estimate: Estimate; readonly ceiling: number | null };
export type MetricTable = {
  readonly name: string;
  readonly unit: string;
  readonly isHigherBetter: boolean;
  /** One row a method (model, copy, …), one column a horizon. */
  readonly rows: readonly { readonly name: string; readonly at: readonly (Estimate | null)[] }[];
};
export type Figures = {
  readonly words: readonly string[];
  readonly facts: readonly FactRow[];
  readonly continuation: readonly FactRow[];
  readonly horizons: readonly number[];
  readonly metrics: readonly MetricTable[];
  /** Whether strips of frames were kept; whether they are given is the server's to say. */
  readonly hasPictures: boolean;
};

export function figuresFrom(json: Fields | null): Figures {
  const simulator = fieldsIn(json, "simulator");
  const footage = fieldsIn(json, "footage");
  const ceiling = fieldsIn(simulator, "ceiling");
  const shares = { caption_exact: simulator.caption_exact, ...fieldsIn(simulator, "facts") };
  return {
    words: listIn(footage, "words").filter((word) => typeof word === "string"),
    facts: Object.entries(shares).flatMap(([name, value]) => factRow(name, value, ceiling[name])),
    continuation: ["continuation_error", "copy_error", "truth_error", "continuation_ratio"].flatMap((name) =>
      factRow(name, simulator[name], undefined),
    ),
    horizons: listIn(footage, "horizons").filter((horizon) => typeof horizon === "number"),
    metrics: Object.entries(fieldsIn(footage, "metrics")).flatMap(([name, value]) =>
      metricTable(name, value),
    ),
    hasPictures: Object.keys(fieldsIn(json, "pictures")).length > 0,
  };
}

/** The first few figures in one line. */
export function headline(json: Fields | null, figure: (value: number) => string): string {
  const { facts, continuation } = figuresFrom(json);
  const told = headlineRows(cardFrom(json)).flatMap(({ name, value }) =>
    value === null ? [] : [{ name, estimate: value }],
  );
  return [...told, ...facts, ...continuation]
    .slice(0, 3)
    .map(({ name, estimate }) => `${name.replace(/_/g, " ")} ${figure(estimate.value)}`)
    .join(" · ");
}

function factRow(name: string, value: unknown, ceiling: unknown): FactRow[] {
  const estimate = estimateFrom(value);
  return estimate === null ? [] : [{ name, estimate, ceiling: typeof ceiling === "number" ? ceiling : null }];
}

function metricTable(name: string, value: unknown): MetricTable[] {
  if (!isFields(value)) return [];
  const rows = Object.entries(value).flatMap(([method, at]: [string, unknown]) =>
    Array.isArray(at) ? [{ name: method, at: at.map(estimateFrom) }] : [],
  );
  const unit = typeof value.unit === "string" ? value.unit : "";
  return [{ name, unit, isHigherBetter: value.is_higher_better !== false, rows }];
}
