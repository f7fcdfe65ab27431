import { expect, it } from "vitest";
import { aCheckpoint } from "@/testing/rows";
import { nameOf, openingOf, type Room } from "./rooms";

const lab: Room = { id: "lab", name: "Lab", about: "Much.", strip: "whole", narrowStrip: "narrow", seed: 0 };
const all = aCheckpoint({ id: "ckp_all", rooms: { lab: "" } });
const one = aCheckpoint({ id: "ckp_one", rooms: { lab: "one body" } });
const other = aCheckpoint({ id: "ckp_other", rooms: { desk: "" } });

it("opens a room as the newest network that knows it was shown it", () => {
  const narrow = { about: "One body.", strip: "narrow", knows: "shown", checkpointId: "ckp_one" };
  expect(openingOf(lab, undefined, [other, one, all])).toEqual(narrow);
  expect(openingOf({ ...lab, isAlwaysTold: true }, undefined, [one])?.about).toBe("Much. One body.");
  expect(openingOf(lab, all, [other, one, all])).toEqual({
    about: "Much.",
    strip: "whole",
    knows: "shown",
    checkpointId: "ckp_all",
  });
});

it("opens a room with all of it where the network knows none of it", () => {
  const unknown = { about: "Much.", strip: "whole", knows: "new" };
  expect(openingOf(lab, other, [one])).toEqual({ ...unknown, checkpointId: "ckp_other" });
  expect(openingOf(lab, undefined, [other])).toEqual({ ...unknown, checkpointId: "" });
  expect(openingOf(lab, undefined, [])).toBeNull();
});

it("passes over a network that was shown the room without what a card is about", () => {
  const two: Room = { ...lab, missingWhere: "one body" };
  expect(openingOf(two, undefined, [one, all])).toMatchObject({ knows: "shown", checkpointId: "ckp_all" });
  expect(openingOf(two, one, [one, all])).toMatchObject({ knows: "missing", about: "Much.", strip: "whole" });
});

it("names a session by its room, else by its words, else by what it begins with", () => {
  const begun = { prompt: "a red circle", asset_id: null };
  expect(["arcade", "attic", null].map((room) => nameOf({ ...begun, room }))).toEqual([
    "Arcade",
    "attic",
    "a red circle",
  ]);
  const silent = [null, "ast_1"].map((asset_id) => nameOf({ room: null, prompt: "", asset_id }));
  expect(silent).toEqual(["A picture", "Footage"]);
});
