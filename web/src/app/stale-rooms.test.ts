import { expect, it } from "vitest";
import { staleRooms } from "./stale-rooms";

it("refreshes what an event is about, and the record always", () => {
  expect(staleRooms("checkpoint.saved")).toEqual(["record", "jobs", "training", "lineage"]);
  expect(staleRooms("quota.changed")).toEqual(["record", "jobs"]);
});

it("does not fetch the catalogue again because somebody looked at footage", () => {
  expect(staleRooms("asset.viewed")).toEqual(["record"]);
});
