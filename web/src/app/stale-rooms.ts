/** What an event makes stale on screen. Pure. */
import type { Room } from "@/api/query-client";

const rooms: Readonly<Record<string, readonly Room[]>> = {
  upload: ["catalog"],
  asset: ["catalog"],
  clip: ["catalog"],
  rights: ["catalog", "lineage"],
  consent: ["catalog"],
  project: ["labeling"],
  ontology: ["labeling"],
  task: ["labeling", "evaluation"],
  attempt: ["labeling"],
  proposal: ["labeling"],
  review: ["labeling"],
  dataset: ["datasets"],
  version: ["datasets", "lineage"],
  run: ["training"],
  checkpoint: ["training", "lineage"],
  generation: ["generation", "catalog", "lineage"],
  session: ["generation"],
  evaluation: ["evaluation"],
  comparison: ["evaluation"],
  member: ["people", "me"],
  grant: ["people", "me", "labeling", "catalog"],
  key: ["people"],
  job: ["catalog", "training", "generation", "evaluation"],
};

/** To look at footage changes nothing but the record of who looked. */
const reading = new Set(["asset.viewed", "asset.streamed", "asset.downloaded", "asset.exported"]);

/** Every event is part of the record, and most come of a job that may have ended with it. */
export function staleRooms(eventName: string): readonly Room[] {
  if (reading.has(eventName)) return ["record"];
  return ["record", "jobs", ...(rooms[eventName.split(".")[0] ?? ""] ?? [])];
}
