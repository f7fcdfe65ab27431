/** The report card of a world model, read out of an evaluation's JSON. Pure; what is of another kind is left out. */
import { type Estimate, estimateFrom, type Fields, fieldsIn, isFields, listIn } from "./json";

export type CardRow = {
  readonly name: string;
  /** None where no made clip could be read. */
  readonly value: Estimate | null;
  readonly ceiling: Estimate | null;
  readonly floors: { readonly [name: string]: Estimate };
};
export type CardCell = { readonly name: string; readonly where: string; readonly rows: readonly CardRow[] };
export type PhyWorldRow = {
  readonly setup: string;
  readonly inside: Estimate | null;
  readonly outside: Estimate | null;
  readonly parser: Estimate | null;
  readonly theirs: { readonly [name: string]: number };
};
export type Card = {
  readonly failures: readonly string[];
  /** Out of distribution first, as the card has them. */
  readonly cells: readonly CardCell[];
  readonly phyworld: readonly PhyWorldRow[];
  readonly differences: readonly string[];
  readonly leftOut: readonly string[];
};

export function cardFrom(json: Fields | null): Card {
  const card = fieldsIn(json, "card");
  const phyworld = fieldsIn(card, "phyworld");
  return {
    failures: textsIn(card, "failures"),
    cells: listIn(card, "cells").filter(isFields).map(cell),
    phyworld: listIn(phyworld, "rows").filter(isFields).map(phyworldRow),
    differences: textsIn(phyworld, "differences"),
    leftOut: textsIn(card, "left_out"),
  };
}

/** The floors that any row of these has, in the order met. */
export const floorsOf = (rows: readonly CardRow[]): string[] => [
  ...new Set(rows.flatMap(({ floors }) => Object.keys(floors))),
];

const headlines = ["all_facts", "caption_exact", "position_error_at_last", "velocity_error"];

/** What stands for a card in one line: the strictest figures of its first room in distribution. */
export function headlineRows(card: Card): CardRow[] {
  const home = card.cells.find(({ where }) => where === "in_distribution");
  return headlines.flatMap(
    (name) => home?.rows.find((row) => row.name.endsWith(`, ${name.replace(/_/g, " ")}`)) ?? [],
  );
}

function cell(value: Fields): CardCell {
  const rows = listIn(value, "figures").filter(isFields).map(row);
  return {
    name: String(value.name),
    where: String(value.where),
    rows: rows.filter((each) => each.value !== null || each.ceiling !== null),
  };
}

function row(value: Fields): CardRow {
  const floors = Object.entries(fieldsIn(value, "floors")).flatMap(([name, floor]) => {
    const estimate = estimateFrom(floor);
    return estimate === null ? [] : [[name, estimate] as const];
  });
  return {
    name: `${value.group}, ${value.name}`.replace(/_/g, " "),
    value: estimateFrom(value.value),
    ceiling: estimateFrom(value.ceiling),
    floors: Object.fromEntries(floors),
  };
}

function phyworldRow(value: Fields): PhyWorldRow {
  const inside = fieldsIn(value, "in_distribution");
  const theirs = Object.entries(fieldsIn(value, "theirs")).flatMap(([name, figure]) =>
    typeof figure === "number" ? [[name, figure] as const] : [],
  );
  return {
    setup: String(value.setup),
    inside: estimateFrom(inside.value),
    outside: estimateFrom(fieldsIn(value, "out_of_distribution").value),
    parser: estimateFrom(inside.parser),
    theirs: Object.fromEntries(theirs),
  };
}

const textsIn = (json: Fields, name: string): string[] =>
  listIn(json, name).filter((each) => typeof each === "string");
