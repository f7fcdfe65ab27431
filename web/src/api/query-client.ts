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

/** The rooms of the server; each is the first word of its query keys, so that one event can refresh one room. */
export type Room =
  | "trust"
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
