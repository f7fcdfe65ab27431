import { queryOptions, useMutation } from "@tanstack/react-query";
import { client, unwrap } from "./client";
import { refresh } from "./query-client";
import type { Job } from "./types";

export function isUnfinished(job: Pick<Job, "state"> | null | undefined): boolean {
  return job?.state === "queued" || job?.state === "running";
}

/** The newest jobs. Asked often while one is at work: progress is not an event, it is only in the row. */
export const jobsQuery = queryOptions({
  queryKey: ["jobs", "recent"],
  queryFn: () => unwrap(client.GET("/v1/jobs", { params: { query: { limit: 50 } } })),
  select: (page) => page.items,
  refetchInterval: (query) => (query.state.data?.items.some(isUnfinished) ? 1500 : 15_000),
});

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ["jobs", "one", id],
    queryFn: () => unwrap(client.GET("/v1/jobs/{id}", { params: { path: { id } } })),
    refetchInterval: (query) => (isUnfinished(query.state.data) ? 1500 : false),
  });

export const useCancelJob = () =>
  useMutation({
    mutationFn: (id: string) => unwrap(client.POST("/v1/jobs/{id}/cancel", { params: { path: { id } } })),
    onSuccess: () => refresh("jobs"),
  });
