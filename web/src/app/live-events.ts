import { useEffect } from "react";
import { type Room, refresh } from "@/api/query-client";
import { followEvents } from "@/api/sse";
import { staleRooms } from "./stale-rooms";

const GATHER_MS = 400;

/** The studio's one line to the event log: what happens anywhere refreshes what is on screen, a burst at a time. */
export function useLiveEvents(): void {
  useEffect(() => {
    const ended = new AbortController();
    const waiting = new Set<Room>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    void followEvents("/v1/events/stream", ended.signal, (event) => {
      for (const room of staleRooms(event.name)) waiting.add(room);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const room of waiting) refresh(room);
        waiting.clear();
      }, GATHER_MS);
    });
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, []);
}
