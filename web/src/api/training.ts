import { queryOptions, useMutation } from "@tanstack/react-query";
import { client, unwrap } from "./client";
import { pagedOptions } from "./paging";
import { refresh } from "./query-client";

export const runsQuery = pagedOptions(["training", "runs"], (cursor) =>
  unwrap(client.GET("/v1/runs", { params: { query: { cursor } } })),
);

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ["training", "run", id],
    queryFn: () => unwrap(client.GET("/v1/runs/{id}", { params: { path: { id } } })),
  });

export const fetchMetrics = (id: string, after_step: number) =>
  unwrap(
    client.GET("/v1/runs/{id}/metrics", { params: { path: { id }, query: { after_step, limit: 500 } } }),
  );

export const checkpointsQuery = (run_id?: string) =>
  pagedOptions(["training", "checkpoints", run_id ?? null], (cursor) =>
    unwrap(
      client.GET("/v1/checkpoints", {
        params: { query: { ...(run_id === undefined ? {} : { run_id }), cursor } },
      }),
    ),
  );

type NewRun = { name: string; recipe: string; version_id?: string; seed: number; budget_s: number };

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
