import { expect, it } from "vitest";
import { queryInWords } from "./query-words";

it("says what a dataset asks for and nothing that it leaves open", () => {
  expect(queryInWords({})).toBe("all footage");
  expect(
    queryInWords({
      project_ids: ["prj_1"],
      asset_ids: ["a", "b"],
      labels: "accepted",
      class_names: null,
      min_agreement: 0.5,
      min_frames: 2,
    }),
  ).toBe("2 assets, labels that a person accepted, of 1 project, agreement from 0.5");
});
