import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, isRefusal } from "@/api/client";
import { decideProposal, proposalsQuery } from "@/api/labeling";
import { refresh } from "@/api/query-client";
import { myId } from "@/api/trust";
import type { Decision, Proposal } from "@/api/types";
import { sayError } from "@/design/toasts";
import { decide, drop, emptyQueue, giveBack, type Queue, skip, takeBack, withListed } from "./proposal-queue";

/** The queue of one project (or one of its assets), kept full from the server and emptied by decisions. */
export function useProposalQueue(projectId: string, assetId: string | undefined) {
  const filter = { state: "open" as const, ...(assetId === undefined ? {} : { asset_id: assetId }) };
  const listed = useInfiniteQuery({ ...proposalsQuery(projectId, filter), refetchOnWindowFocus: false });
  const [queue, setQueue] = useState<Queue>(emptyQueue);
  const current = useRef(queue);
  // One after the other: taking back must not overtake the decision that it takes back.
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const refused = useRef(new Set<string>());

  const put = useCallback((next: Queue) => {
    current.current = next;
    setQueue(next);
  }, []);

  useEffect(() => {
    if (listed.data) put(withListed(current.current, listed.data));
  }, [listed.data, put]);

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = listed;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && queue.waiting.length < 20) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, queue.waiting.length]);

  useEffect(() => () => refresh("labeling"), []);

  const send = (proposal: Proposal, decision: Decision) => {
    line.current = line.current.then(async () => {
      // A decision that was refused is not there to be taken back: what stands is another's.
      if (decision.decision === "reopen" && refused.current.has(proposal.id)) return;
      refused.current.delete(proposal.id);
      try {
        await decideProposal(proposal.id, decision);
      } catch (error) {
        sayError(error);
        if (isRefusal(error)) refused.current.add(proposal.id);
        if (isGone(error)) {
          put(drop(current.current, proposal));
          refresh("labeling");
        } else put(giveBack(current.current, proposal));
      }
    });
  };

  return {
    queue,
    error: listed.error,
    isLoading: listed.isPending,
    isMore: hasNextPage,
    decide: (decision: Decision) => {
      const [proposal] = current.current.waiting;
      if (proposal === undefined) return;
      put(decide(current.current, decision));
      send(proposal, decision);
    },
    takeBack: () => {
      const last = current.current.decided.at(-1);
      if (last === undefined) return;
      put(takeBack(current.current));
      send(last.proposal, { decision: "reopen", decided_by: myId() ?? null });
    },
    skip: () => put(skip(current.current)),
  };
}

function isGone(error: unknown): boolean {
  return error instanceof ApiError && (error.code === "labeling.already_decided" || error.status === 404);
}
