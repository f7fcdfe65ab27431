import { queryOptions, useMutation } from "@tanstack/react-query";
import { client, unwrap } from "./client";
import { pagedOptions } from "./paging";
import { refresh } from "./query-client";

export const datasetsQuery = pagedOptions(["datasets", "list"], (cursor) =>
  unwrap(client.GET("/v1/datasets", { params: { query: { cursor } } })),
);

export const datasetQuery = (id: string) =>
  queryOptions({
    queryKey: ["datasets", "one", id],
    queryFn: () => unwrap(client.GET("/v1/datasets/{id}", { params: { path: { id } } })),
  });

export const versionQuery = (id: string) =>
  queryOptions({
    queryKey: ["datasets", "version", id],
    queryFn: () => unwrap(client.GET("/v1/dataset-versions/{id}", { params: { path: { id } } })),
  });

export const differenceQuery = (id: string, other_id: string) =>
  queryOptions({
    queryKey: ["datasets", "difference", id, other_id],
    queryFn: () =>
      unwrap(
        client.GET("/v1/dataset-versions/{id}/difference/{other_id}", { params: { path: { id, other_id } } }),
      ),
  });

export const useCreateDataset = () =>
  useMutation({
    mutationFn: (body: { name: string; query: { [name: string]: unknown } }) =>
      unwrap(client.POST("/v1/datasets", { body })),
    onSuccess: () => refresh("datasets"),
  });

export const useFreezeVersion = (datasetId: string) =>
  useMutation({
    mutationFn: (purpose: string) =>
      unwrap(
        client.POST("/v1/datasets/{id}/versions", { params: { path: { id: datasetId } }, body: { purpose } }),
      ),
    onSuccess: () => refresh("datasets"),
  });

export const useExportVersion = (versionId: string) =>
  useMutation({
    mutationFn: (format: string) =>
      unwrap(
        client.POST("/v1/dataset-versions/{id}/export", {
          params: { path: { id: versionId } },
          body: { format },
        }),
      ),
    onSuccess: () => refresh("jobs"),
  });

export const formatsQuery = queryOptions({
  queryKey: ["datasets", "formats"],
  queryFn: () => unwrap(client.GET("/v1/export-formats")),
  select: (list) => list.items,
  staleTime: 300_000,
});
