/**
 * The proposals before a person, one after another, and the decision that can still be taken back.
 *
 * A decision is held until the next one is made, a few seconds pass or the page is left, and only then sent: so a slip of
 * a finger never reaches the event log. Pure apart from `send`, which is handed in.
 */
import type { BoxTrackValue, Decision, Proposal } from "@/api/types";

export type Decided = { readonly proposal: Proposal; readonly decision: Decision };

export type Queue = {
  readonly waiting: readonly Proposal[];
  /** Made and not sent yet. */
  readonly held: Decided | null;
  readonly tally: Readonly<Record<Decision["decision"], number>>;
};

export const emptyQueue: Queue = { waiting: [], held: null, tally: { accept: 0, adjust: 0, reject: 0 } };

/** Takes in what the server lists; what is decided here stays away, and the order on screen stays. */
export function withListed(queue: Queue, listed: readonly Proposal[], sentIds: ReadonlySet<string>): Queue {
  const known = new Set([...queue.waiting.map((proposal) => proposal.id), queue.held?.proposal.id, ...sentIds]);
  const fresh = listed.filter((proposal) => proposal.state === "open" && !known.has(proposal.id));
  return fresh.length === 0 ? queue : { ...queue, waiting: [...queue.waiting, ...fresh] };
}

export function decide(queue: Queue, decision: Decision): { readonly queue: Queue; readonly toSend: Decided | null } {
  const [proposal, ...waiting] = queue.waiting;
  if (proposal === undefined) return { queue, toSend: null };
  const tally = { ...queue.tally, [decision.decision]: queue.tally[decision.decision] + 1 };
  return { queue: { waiting, held: { proposal, decision }, tally }, toSend: queue.held };
}

export function takeBack(queue: Queue): Queue {
  if (queue.held === null) return queue;
  const { proposal, decision } = queue.held;
  const tally = { ...queue.tally, [decision.decision]: queue.tally[decision.decision] - 1 };
  return { waiting: [proposal, ...queue.waiting], held: null, tally };
}

export function release(queue: Queue): { readonly queue: Queue; readonly toSend: Decided | null } {
  return { queue: { ...queue, held: null }, toSend: queue.held };
}

/** Puts the first one last. */
export function skip(queue: Queue): Queue {
  const [first, ...rest] = queue.waiting;
  return first === undefined ? queue : { ...queue, waiting: [...rest, first] };
}

/** What the person says by "yes" after looking, and perhaps changing: accept if nothing moved, adjust otherwise. */
export function verdictOn(proposal: Proposal, value: BoxTrackValue): Decision {
  const isMoved = JSON.stringify(proposal.value.keyframes) !== JSON.stringify(value.keyframes);
  const renamed = proposal.value.class_name === value.class_name ? {} : { class_name: value.class_name };
  return isMoved ? { decision: "adjust", value, ...renamed } : { decision: "accept", ...renamed };
}
