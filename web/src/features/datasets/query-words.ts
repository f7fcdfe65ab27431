/** What a dataset asks of the catalogue, in words. The query is open JSON; `datasets/selection.py` has its fields. Pure. */
import { countInWords } from "@/design/words";

const labels: Readonly<Record<string, string>> = {
  any: "with any labels or none",
  labelled: "labelled clips only",
  accepted: "labels that a person accepted",
};

export function queryInWords(query: { readonly [field: string]: unknown }): string {
  const count = (name: string) => (Array.isArray(query[name]) ? query[name].length : 0);
  const number = (name: string) => (typeof query[name] === "number" ? query[name] : 0);
  const parts = [
    count("asset_ids") > 0 ? countInWords(count("asset_ids"), "asset") : "all footage",
    typeof query.labels === "string" ? labels[query.labels] : undefined,
    count("project_ids") > 0 && `of ${countInWords(count("project_ids"), "project")}`,
    count("class_names") > 0 && `${countInWords(count("class_names"), "class", "classes")} of them`,
    number("min_agreement") > 0 && `agreement from ${number("min_agreement")}`,
    number("min_frames") > 2 && `from ${number("min_frames")} frames`,
  ];
  return parts.filter(Boolean).join(", ");
}

const purposes: Readonly<Record<string, string>> = {
  train: "training",
  generate: "generation",
  label: "labelling",
  share: "sharing",
};

export const purposeInWords = (purpose: string): string => purposes[purpose] ?? purpose;
