import { queryOptions, useMutation } from "@tanstack/react-query";
import { client, unwrap } from "./client";
import { pagedOptions } from "./paging";
import { refresh } from "./query-client";
import type { EvaluationIn, Verdict } from "./types";

export const evaluationsQuery = pagedOptions(["evaluation", "list"], (cursor) =>
  unwrap(client.GET("/v1/evaluations", { params: { query: { cursor } } })),
);

export const evaluationQuery = (id: string) =>
  queryOptions({
    queryKey: ["evaluation", "one", id],
    queryFn: () => unwrap(client.GET("/v1/evaluations/{id}", { params: { path: { id } } })),
  });

export const comparisonsQuery = (state?: "open" | "judged") =>
  pagedOptions(["evaluation", "comparisons", state ?? null], (cursor) =>
    unwrap(
      client.GET("/v1/comparisons", {
        params: { query: { ...(state === undefined ? {} : { state }), cursor } },
      }),
    ),
  );

/** One comparison with its two clips, for whoever is to judge it. */
export const comparisonQuery = (id: string) =>
  queryOptions({
    queryKey: ["evaluation", "comparison", id],
    queryFn: () => unwrap(client.GET("/v1/comparisons/{id}", { params: { path: { id } } })),
    staleTime: 300_000,
  });

export const judgeComparison = (id: string, verdict: Verdict) =>
  unwrap(client.POST("/v1/comparisons/{id}/judge", { params: { path: { id } }, body: { verdict } }));

export const useEvaluate = () =>
  useMutation({
    mutationFn: (body: EvaluationIn) => unwrap(client.POST("/v1/evaluations", { body })),
    onSuccess: () => refresh("evaluation"),
  });
