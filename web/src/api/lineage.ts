import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "./client";

export const lineageQuery = (id: string) =>
  queryOptions({
    queryKey: ["lineage", id],
    queryFn: () => unwrap(client.GET("/v1/lineage/{id}", { params: { path: { id } } })),
  });
