import { useEffect } from "react";
import { type Room, refresh } from "@/api/query-client";
import { followEvents } from "@/api/sse";

/** What an event's noun makes stale. A noun that is not here refreshes the event list alone. */
const staleRooms: Readonly<Record<string, readonly Room[]>> = {
  upload: ["catalog"],
  asset: ["catalog"],
  shots: ["catalog"],
  rights: ["catalog", "lineage"],
  consent: ["catalog"],
  project: ["labeling"],
  ontology: ["labeling"],
  task: ["labeling", "evaluation"],
  proposal: ["labeling"],
  proposals: ["labeling"],
  consensus: ["labeling"],
  review: ["labeling"],
  dataset: ["datasets"],
  dataset_version: ["datasets", "lineage"],
  version: ["datasets", "lineage"],
  run: ["training"],
  checkpoint: ["training", "lineage"],
  generation: ["generation", "catalog", "lineage"],
  evaluation: ["evaluation"],
  comparison: ["evaluation"],
  job: ["jobs", "catalog", "training", "generation", "evaluation"],
};

/** The studio's one line to the event log: what happens anywhere refreshes what is on screen, a burst at a time. */
export function useLiveEvents(): void {
  useEffect(() => {
    const ended = new AbortController();
    const waiting = new Set<Room>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    void followEvents("/v1/events/stream", ended.signal, (event) => {
      const noun = event.name.split(".")[0] ?? "";
      for (const room of staleRooms[noun] ?? []) waiting.add(room);
      waiting.add("jobs");
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const room of waiting) refresh(room);
        waiting.clear();
      }, 400);
    });
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, []);
}
