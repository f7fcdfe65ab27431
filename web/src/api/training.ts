import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "./client";
import { pagedOptions } from "./paging";
import { refresh } from "./query-client";
import type { Checkpoint, RunMetric } from "./types";

export const recipesQuery = queryOptions({
  queryKey: ["training", "recipes"],
  queryFn: () => unwrap(client.GET("/v1/recipes")),
  select: (list) => list.items,
  staleTime: 300_000,
});

export const runsQuery = pagedOptions(["training", "runs"], (cursor) =>
  unwrap(client.GET("/v1/runs", { params: { query: { cursor } } })),
);

/** A run with its sample pictures and checkpoints; asked again and again while it trains. */
export const runQuery = (id: string, isLive = false) =>
  queryOptions({
    queryKey: ["training", "run", id],
    queryFn: () => unwrap(client.GET("/v1/runs/{id}", { params: { path: { id } } })),
    refetchInterval: isLive ? 5000 : false,
  });

/** The whole curve of a run; while it trains, only what is new is asked for and added. */
export function useRunMetrics(id: string, isLive: boolean) {
  const queries = useQueryClient();
  const queryKey = ["training-metrics", id];
  return useQuery({
    queryKey,
    queryFn: async (): Promise<readonly RunMetric[]> => {
      let known = queries.getQueryData<readonly RunMetric[]>(queryKey) ?? [];
      for (;;) {
        const query = { after_step: known.at(-1)?.step ?? -1 };
        const { items } = await unwrap(
          client.GET("/v1/runs/{id}/metrics", { params: { path: { id }, query } }),
        );
        if (items.length === 0) return known;
        known = [...known, ...items];
      }
    },
    refetchInterval: isLive ? 1500 : false,
  });
}

export const checkpointsQuery = pagedOptions(["training", "checkpoints"], (cursor) =>
  unwrap(client.GET("/v1/checkpoints", { params: { query: { cursor } } })),
);

/** Those that can be played, scored and gone on from. */
export const worldModelsIn = (checkpoints: readonly Checkpoint[]): readonly Checkpoint[] =>
  checkpoints.filter(({ is_world_model }) => is_world_model);

const MOST_PROMPTS = 3;

/** What the chosen checkpoint was taught to draw; where none is chosen, what the one that the server takes was. */
export function promptsOf(
  chosen: Checkpoint | undefined,
  finished: readonly Checkpoint[],
): readonly string[] {
  const answering = chosen ?? finished.find(({ obeys_words }) => obeys_words);
  return answering?.prompts.slice(0, MOST_PROMPTS) ?? [];
}

type NewRun = {
  name: string;
  recipe: string;
  version_id?: string;
  parent_checkpoint_id?: string;
  seed: number;
  budget_s?: number;
};

export const useStartRun = () =>
  useMutation({
    mutationFn: (body: NewRun) => unwrap(client.POST("/v1/runs", { body })),
    onSuccess: () => refresh("training"),
  });

export const useStopRun = () =>
  useMutation({
    mutationFn: (id: string) => unwrap(client.POST("/v1/runs/{id}/stop", { params: { path: { id } } })),
    onSuccess: () => refresh("training"),
  });
