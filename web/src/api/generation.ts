import { queryOptions, useMutation } from "@tanstack/react-query";
import { client, unwrap } from "./client";
import { pagedOptions } from "./paging";
import { refresh } from "./query-client";
import type { GenerationIn } from "./types";

export const enginesQuery = queryOptions({
  queryKey: ["generation", "engines"],
  queryFn: () => unwrap(client.GET("/v1/engines")),
  select: (page) => page.items,
  staleTime: 300_000,
});

export const generationsQuery = pagedOptions(["generation", "list"], (cursor) =>
  unwrap(client.GET("/v1/generations", { params: { query: { cursor, limit: 48 } } })),
);

export const generationQuery = (id: string) =>
  queryOptions({
    queryKey: ["generation", "one", id],
    queryFn: () => unwrap(client.GET("/v1/generations/{id}", { params: { path: { id } } })),
  });

export const useGenerate = () =>
  useMutation({
    mutationFn: (body: GenerationIn) => unwrap(client.POST("/v1/generations", { body })),
    onSuccess: () => refresh("generation"),
  });
