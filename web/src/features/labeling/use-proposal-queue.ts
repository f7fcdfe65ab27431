import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { decideProposal, proposalsQuery } from "@/api/labeling";
import { refresh } from "@/api/query-client";
import type { Decision } from "@/api/types";
import { sayError } from "@/design/toasts";
import { type Decided, decide, emptyQueue, type Queue, release, skip, takeBack, withListed } from "./proposal-queue";

const HELD_MS = 5000;

/** The queue of one project (or one of its assets), kept full from the server and emptied by decisions. */
export function useProposalQueue(projectId: string, assetId: string | undefined) {
  const filter = { state: "open" as const, ...(assetId === undefined ? {} : { asset_id: assetId }) };
  const listed = useInfiniteQuery({ ...proposalsQuery(projectId, filter), refetchOnWindowFocus: false });
  const [queue, setQueue] = useState<Queue>(emptyQueue);
  const current = useRef(queue);
  const sentIds = useRef(new Set<string>());

  const put = useCallback((next: Queue) => {
    current.current = next;
    setQueue(next);
  }, []);

  const send = useCallback((decided: Decided | null) => {
    if (decided === null) return;
    sentIds.current.add(decided.proposal.id);
    decideProposal(decided.proposal.id, decided.decision).catch((error: unknown) => {
      sentIds.current.delete(decided.proposal.id);
      sayError(error);
      refresh("labeling");
    });
  }, []);

  useEffect(() => {
    if (listed.data) put(withListed(current.current, listed.data, sentIds.current));
  }, [listed.data, put]);

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = listed;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && queue.waiting.length < 20) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, queue.waiting.length]);

  const letGo = useCallback(() => {
    const { queue: next, toSend } = release(current.current);
    put(next);
    send(toSend);
  }, [put, send]);

  useEffect(() => {
    if (queue.held === null) return;
    const timer = setTimeout(letGo, HELD_MS);
    return () => clearTimeout(timer);
  }, [queue.held, letGo]);

  useEffect(() => {
    window.addEventListener("pagehide", letGo);
    return () => {
      window.removeEventListener("pagehide", letGo);
      letGo();
      refresh("labeling");
    };
  }, [letGo]);

  return {
    queue,
    error: listed.error,
    isLoading: listed.isPending,
    decide: (decision: Decision) => {
      const { queue: next, toSend } = decide(current.current, decision);
      put(next);
      send(toSend);
    },
    takeBack: () => put(takeBack(current.current)),
    skip: () => put(skip(current.current)),
  };
}
