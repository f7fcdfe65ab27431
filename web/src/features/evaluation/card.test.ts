import { describe, expect, it } from "vitest";
import { cardFrom, floorsOf, headlineRows } from "./card";
import { headline } from "./figures";

const told = { mean: 0.9, low: 0.85, high: 0.94, n: 64 };
const estimate = { value: 0.9, low: 0.85, high: 0.94, n: 64 };
const figure = (name: string, value: unknown, ceiling: unknown = null) => ({
  group: "text_to_video",
  name,
  unit: "",
  is_higher_better: true,
  value,
  ceiling,
  floors: { nearest: told },
});
const json = {
  card: {
    failures: ["lab · pairs: text to video, all facts goes from 0.9 in distribution to 0.2."],
    cells: [
      { name: "lab · pairs", where: "held_out", figures: [figure("all_facts", told)] },
      {
        name: "lab",
        where: "in_distribution",
        figures: [figure("all_facts", told, told), figure("speed", null), figure("shape", null, told)],
      },
    ],
    phyworld: {
      rows: [
        {
          setup: "uniform",
          theirs: { in_distribution: 0.012 },
          in_distribution: { value: told, parser: told, floors: {} },
          out_of_distribution: null,
        },
      ],
      differences: ["Theirs are larger."],
    },
    left_out: ["desk: never shown."],
  },
};

describe("cardFrom", () => {
  it("reads cells in the card's order, without rows that nothing was measured of", () => {
    const { cells } = cardFrom(json);
    expect(cells.map(({ name }) => name)).toEqual(["lab · pairs", "lab"]);
    expect(cells[1]?.rows).toEqual([
      { name: "text to video, all facts", value: estimate, ceiling: estimate, floors: { nearest: estimate } },
      { name: "text to video, shape", value: null, ceiling: estimate, floors: { nearest: estimate } },
    ]);
    expect(floorsOf(cells[1]?.rows ?? [])).toEqual(["nearest"]);
  });
  it("reads the table beside PhyWorld's", () => {
    expect(cardFrom(json).phyworld).toEqual([
      {
        setup: "uniform",
        inside: estimate,
        outside: null,
        parser: estimate,
        theirs: { in_distribution: 0.012 },
      },
    ]);
  });
  it("says nothing of what is not there", () => {
    expect(cardFrom(null)).toEqual({ failures: [], cells: [], phyworld: [], differences: [], leftOut: [] });
    expect(headlineRows(cardFrom(null))).toEqual([]);
  });
  it("stands for itself in one line, by the room in distribution", () => {
    expect(headline(json, String)).toBe("text to video, all facts 0.9");
  });
});
