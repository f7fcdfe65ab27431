import { expect, it } from "vitest";
import { aJob } from "@/testing/rows";
import { groupJobs } from "./job-groups";

it("makes one line of neighbours that went well, and hides no failure in it", () => {
  const jobs = [
    aJob({ id: "a" }),
    aJob({ id: "b" }),
    aJob({ id: "c", state: "failed" }),
    aJob({ id: "d" }),
    aJob({ id: "e", name: "training.train" }),
  ];
  expect(groupJobs(jobs).map((group) => group.map(({ id }) => id))).toEqual([
    ["a", "b"],
    ["c"],
    ["d"],
    ["e"],
  ]);
});
