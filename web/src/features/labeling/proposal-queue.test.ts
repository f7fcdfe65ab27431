import { describe, expect, it } from "vitest";
import type { Proposal } from "@/api/types";
import { aProposal } from "@/testing/rows";
import { decide, emptyQueue, release, skip, takeBack, verdictOn, withListed } from "./proposal-queue";

const [a, b, c] = ["a", "b", "c"].map((id) => aProposal({ id }));
const listed = [a, b, c].filter((proposal): proposal is Proposal => proposal !== undefined);
const ids = (proposals: readonly Proposal[]) => proposals.map((proposal) => proposal.id);
const queue = withListed(emptyQueue, listed, new Set());

describe("proposal queue", () => {
  it("holds a decision until the next one", () => {
    const first = decide(queue, { decision: "accept" });
    expect([first.toSend, ids(first.queue.waiting)]).toEqual([null, ["b", "c"]]);
    const second = decide(first.queue, { decision: "reject" });
    expect(second.toSend?.proposal.id).toBe("a");
    expect(second.queue.tally).toEqual({ accept: 1, adjust: 0, reject: 1 });
  });
  it("takes the held decision back, proposal and count", () => {
    expect(takeBack(decide(queue, { decision: "accept" }).queue)).toEqual(queue);
  });
  it("gives up what it holds when the page is left", () => {
    const { queue: after, toSend } = release(decide(queue, { decision: "accept" }).queue);
    expect([after.held, toSend?.proposal.id]).toEqual([null, "a"]);
  });
  it("does not show again what was decided while the server still lists it", () => {
    const { queue: after } = decide(queue, { decision: "accept" });
    expect(ids(withListed(after, listed, new Set()).waiting)).toEqual(["b", "c"]);
    expect(ids(withListed({ ...after, held: null }, listed, new Set(["a"])).waiting)).toEqual(["b", "c"]);
  });
  it("puts a skipped one last", () => {
    expect(ids(skip(queue).waiting)).toEqual(["b", "c", "a"]);
  });
});

describe("verdictOn", () => {
  const proposal = aProposal({ id: "a" });
  it("is acceptance when nothing moved, with the class if that changed", () => {
    expect(verdictOn(proposal, proposal.value)).toEqual({ decision: "accept" });
    const renamed = { ...proposal.value, class_name: "person" };
    expect(verdictOn(proposal, renamed)).toEqual({ decision: "accept", class_name: "person" });
  });
  it("is an adjustment when a box moved", () => {
    const moved = { ...proposal.value, keyframes: proposal.value.keyframes.slice(1) };
    expect(verdictOn(proposal, moved)).toEqual({ decision: "adjust", value: moved });
  });
});
