import { expect, it } from "vitest";
import { headline, metricRows } from "./metrics";

it("flattens figures of any depth and keeps what stands beside them", () => {
  const rows = metricRows({
    footage: { psnr: { value: 24.5, low: 23, high: 26, floor: 25, n: 64 } },
    captions_exact: 0.91,
    words: "not a figure",
  });
  expect(rows.map(({ group, name, value, floor, n }) => ({ group, name, value, floor, n }))).toEqual([
    { group: "footage", name: "psnr", value: 24.5, floor: 25, n: 64 },
    { group: "", name: "captions_exact", value: 0.91, floor: null, n: null },
  ]);
  expect(headline({ captions_exact: 0.91234 })).toBe("captions exact 0.912");
});

it("reads a list of named figures", () => {
  expect(
    metricRows({ metrics: [{ name: "ssim", value: 0.5 }] }).map(({ group, name }) => [group, name]),
  ).toEqual([["metrics", "ssim"]]);
});
