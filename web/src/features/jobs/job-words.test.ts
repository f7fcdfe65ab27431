import { expect, it } from "vitest";
import { jobDuration, jobTitle } from "./job-words";

it("names what a job does, and falls back on its own name", () => {
  const names = ["catalog.ingest", "generation.play", "third_party.deed"];
  expect(names.map((name) => jobTitle({ name }))).toEqual([
    "Reading footage",
    "Playing a world",
    "third party deed",
  ]);
});

it("says how long a job takes", () => {
  const now = new Date("2026-01-01T00:01:05Z");
  const started_at = "2026-01-01T00:00:00Z";
  expect(jobDuration({ started_at, finished_at: null }, now)).toBe("1 min 5 s");
  expect(jobDuration({ started_at, finished_at: "2026-01-01T00:00:09Z" }, now)).toBe("9 s");
  expect(jobDuration({ started_at: null, finished_at: null }, now)).toBe("");
});
