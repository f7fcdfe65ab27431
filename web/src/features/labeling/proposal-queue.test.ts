import { describe, expect, it } from "vitest";
import { type BoxTrack, boxTrackFrom } from "@/annotate/shapes/box-track";
import type { Proposal } from "@/api/types";
import { aProposal } from "@/testing/rows";
import {
  decide,
  drop,
  emptyQueue,
  giveBack,
  skip,
  takeBack,
  tally,
  verdictOn,
  withListed,
} from "./proposal-queue";

const a = aProposal({ id: "a" });
const listed = [a, aProposal({ id: "b" }), aProposal({ id: "c" })];
const ids = (proposals: readonly Proposal[]) => proposals.map((proposal) => proposal.id);
const queue = withListed(emptyQueue, listed);

describe("proposal queue", () => {
  it("shows the next one as soon as one is decided, and counts", () => {
    const after = decide(decide(queue, { decision: "accept" }), { decision: "reject" });
    expect(ids(after.waiting)).toEqual(["c"]);
    expect([tally(after, "accept"), tally(after, "adjust"), tally(after, "reject")]).toEqual([1, 0, 1]);
  });
  it("takes decisions back one by one, newest first", () => {
    const twice = decide(decide(queue, { decision: "accept" }), { decision: "reject" });
    expect(ids(takeBack(twice).waiting)).toEqual(["b", "c"]);
    expect(takeBack(takeBack(twice))).toEqual(queue);
    expect(takeBack(queue)).toBe(queue);
  });
  it("gives a proposal back behind the one on screen when the server refuses the decision", () => {
    const after = giveBack(decide(queue, { decision: "accept" }), a);
    expect([ids(after.waiting), tally(after, "accept")]).toEqual([["b", "a", "c"], 0]);
  });
  it("drops what another has decided, whether it was decided here too or waits again", () => {
    const once = decide(queue, { decision: "accept" });
    for (const after of [drop(once, a), drop(takeBack(once), a)])
      expect([ids(after.waiting), tally(after, "accept")]).toEqual([["b", "c"], 0]);
  });
  it("lets go of those that are no longer open, but for the one on screen", () => {
    expect(ids(withListed(queue, [aProposal({ id: "c" }), aProposal({ id: "d" })]).waiting)).toEqual([
      "a",
      "c",
      "d",
    ]);
  });
  it("does not show again what was decided while the server still lists it", () => {
    expect(ids(withListed(decide(queue, { decision: "accept" }), listed).waiting)).toEqual(["b", "c"]);
  });
  it("puts a skipped one last", () => {
    expect(ids(skip(queue).waiting)).toEqual(["b", "c", "a"]);
  });
});

describe("verdictOn", () => {
  const track = boxTrackFrom(a.value);
  const changed = (change: Partial<BoxTrack>): BoxTrack => {
    if (track === null) throw new Error("The proposal of this test is no box track.");
    return { ...track, ...change };
  };
  it("is acceptance when nothing moved, with the class if that changed", () => {
    expect(verdictOn(a, changed({}))).toEqual({ decision: "accept" });
    expect(verdictOn(a, changed({ class_name: "person" }))).toEqual({
      decision: "accept",
      class_name: "person",
    });
  });
  it("is an adjustment when a box moved", () => {
    const moved = changed({ keyframes: changed({}).keyframes.slice(1) });
    expect(verdictOn(a, moved)).toEqual({ decision: "adjust", value: moved });
  });
});
