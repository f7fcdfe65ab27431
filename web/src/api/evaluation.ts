import { queryOptions, useMutation } from "@tanstack/react-query";
import { client, unwrap } from "./client";
import { pagedOptions } from "./paging";
import { refresh } from "./query-client";
import type { ComparisonsIn, EvaluationIn, Verdict } from "./types";

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

/** Where what a project compares stands. */
export const standingsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["evaluation", "standings", projectId],
    queryFn: () => unwrap(client.GET("/v1/projects/{id}/standings", { params: { path: { id: projectId } } })),
  });

/** One comparison with its two clips, for whoever is to judge it. */
export const comparisonQuery = (id: string) =>
  queryOptions({
    queryKey: ["evaluation", "comparison", id],
    queryFn: () => unwrap(client.GET("/v1/comparisons/{id}", { params: { path: { id } } })),
    staleTime: 300_000,
  });

export const judgeComparison = (id: string, verdict: Verdict) =>
  unwrap(client.POST("/v1/comparisons/{id}/judge", { params: { path: { id } }, body: { verdict } }));

export const useCompare = () =>
  useMutation({
    mutationFn: (body: ComparisonsIn) => unwrap(client.POST("/v1/comparisons", { body })),
    onSuccess: () => refresh("evaluation"),
  });

export const useEvaluate = () =>
  useMutation({
    mutationFn: (body: EvaluationIn) => unwrap(client.POST("/v1/evaluations", { body })),
    onSuccess: () => refresh("evaluation"),
  });
