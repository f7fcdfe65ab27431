import { describe, expect, it } from "vitest";
import { figuresFrom, headline } from "./figures";

const told = { mean: 0.9, low: 0.85, high: 0.94, n: 64 };
const estimate = { value: 0.9, low: 0.85, high: 0.94, n: 64 };
const json = {
  parameters: 100,
  simulator: {
    caption_exact: told,
    facts: { colour: told },
    ceiling: { colour: 0.99 },
    continuation_error: 0.1,
  },
  footage: {
    words: ["PSNR at +1: copying the last frame is better."],
    horizons: [1, 4],
    metrics: {
      psnr: { unit: "dB", is_higher_better: true, model: [told, null], copy: [told, told] },
    },
  },
};

describe("figuresFrom", () => {
  it("reads facts beside their ceilings", () => {
    expect(figuresFrom(json).facts).toEqual([
      { name: "caption_exact", estimate, ceiling: null },
      { name: "colour", estimate, ceiling: 0.99 },
    ]);
  });
  it("reads a table of methods by horizons", () => {
    const { metrics, horizons } = figuresFrom(json);
    expect(horizons).toEqual([1, 4]);
    expect(metrics[0]?.rows).toEqual([
      { name: "model", at: [estimate, null] },
      { name: "copy", at: [estimate, estimate] },
    ]);
  });
  it("knows of pictures that were kept, given or not", () => {
    expect(figuresFrom({ pictures: { "0/true": "a digest" } }).hasPictures).toBe(true);
  });
  it("says nothing of what is not there", () => {
    expect(figuresFrom(null)).toEqual({
      words: [],
      facts: [],
      continuation: [],
      horizons: [],
      metrics: [],
      hasPictures: false,
    });
    expect(headline(json, String)).toBe("caption exact 0.9 · colour 0.9 · continuation error 0.1");
  });
});
