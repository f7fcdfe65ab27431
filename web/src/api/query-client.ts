import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./client";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal is an answer; only silence is worth asking again.
      retry: (failures, error) =>
        !(error instanceof ApiError && error.status >= 400 && error.status < 500) && failures < 2,
    },
  },
});

/** The first word of a query's key: the rooms of the server, with trust told apart by what changes together. */
export type Room =
  | "me"
  | "people"
  | "record"
  | "catalog"
  | "labeling"
  | "datasets"
  | "training"
  | "generation"
  | "evaluation"
  | "lineage"
  | "jobs";

export function refresh(room: Room): void {
  void queryClient.invalidateQueries({ queryKey: [room] });
}
