/**
 * The proposals before a person, one after another, and the decisions of this visit, newest last. Pure.
 *
 * A decision goes to the server at once, so that nothing is lost; taking it back opens the proposal again there.
 */
import type { BoxTrack } from "@/annotate/shapes/box-track";
import { boxTrackFrom, plainTrack } from "@/annotate/shapes/box-track";
import type { Decision, Proposal } from "@/api/types";

export type Decided = { readonly proposal: Proposal; readonly decision: Decision };

export type Queue = { readonly waiting: readonly Proposal[]; readonly decided: readonly Decided[] };

export const emptyQueue: Queue = { waiting: [], decided: [] };

/**
 * Takes in what the server lists as open: what others decided goes, what was decided in this visit stays away. The one
 * on screen stays, and the order of those behind it.
 */
export function withListed(queue: Queue, listed: readonly Proposal[]): Queue {
  const open = new Set(listed.map(({ id }) => id));
  const waiting = queue.waiting.filter(({ id }, place) => place === 0 || open.has(id));
  const known = new Set([...waiting, ...queue.decided.map(({ proposal }) => proposal)].map(({ id }) => id));
  const fresh = listed.filter((proposal) => proposal.state === "open" && !known.has(proposal.id));
  return { ...queue, waiting: [...waiting, ...fresh] };
}

export function decide(queue: Queue, decision: Decision): Queue {
  const [proposal, ...waiting] = queue.waiting;
  return proposal === undefined ? queue : { waiting, decided: [...queue.decided, { proposal, decision }] };
}

/** The newest decision undone: its proposal stands first again. */
export function takeBack(queue: Queue): Queue {
  const last = queue.decided.at(-1);
  if (last === undefined) return queue;
  return { waiting: [last.proposal, ...queue.waiting], decided: queue.decided.slice(0, -1) };
}

/** A decision that the server refused: its proposal comes back, behind the one that is being looked at. */
export function giveBack(queue: Queue, proposal: Proposal): Queue {
  const decided = queue.decided.filter((other) => other.proposal.id !== proposal.id);
  if (decided.length === queue.decided.length) return queue;
  return { waiting: [...queue.waiting.slice(0, 1), proposal, ...queue.waiting.slice(1)], decided };
}

/** A proposal that others have decided, or that is no more: nobody here is asked about it again. */
export function drop(queue: Queue, { id }: Proposal): Queue {
  return {
    waiting: queue.waiting.filter((proposal) => proposal.id !== id),
    decided: queue.decided.filter(({ proposal }) => proposal.id !== id),
  };
}

/** Puts the first one last. */
export function skip(queue: Queue): Queue {
  const [first, ...rest] = queue.waiting;
  return first === undefined ? queue : { ...queue, waiting: [...rest, first] };
}

export function tally(queue: Queue, decision: Decision["decision"]): number {
  return queue.decided.filter((decided) => decided.decision.decision === decision).length;
}

/** What "yes" means after looking, and perhaps changing: accept if nothing moved, adjust otherwise. */
export function verdictOn(proposal: Proposal, track: BoxTrack): Decision {
  const offered = boxTrackFrom(proposal.value);
  const isMoved = JSON.stringify(offered?.keyframes) !== JSON.stringify(track.keyframes);
  if (isMoved) return { decision: "adjust", value: plainTrack(track) };
  return offered?.class_name === track.class_name
    ? { decision: "accept" }
    : { decision: "accept", class_name: track.class_name };
}
