import { queryOptions, useMutation } from "@tanstack/react-query";
import { client, unwrap } from "./client";
import { type OntologyClass, plainClasses } from "./ontology";
import { pagedOptions } from "./paging";
import { refresh } from "./query-client";
import type { Decision, ProposalState } from "./types";

export const projectsQuery = pagedOptions(["labeling", "projects"], (cursor) =>
  unwrap(client.GET("/v1/projects", { params: { query: { cursor } } })),
);

export const projectQuery = (id: string) =>
  queryOptions({
    queryKey: ["labeling", "project", id],
    queryFn: () => unwrap(client.GET("/v1/projects/{id}", { params: { path: { id } } })),
  });

export const tasksQuery = (projectId: string) =>
  pagedOptions(["labeling", "tasks", projectId], (cursor) =>
    unwrap(client.GET("/v1/projects/{id}/tasks", { params: { path: { id: projectId }, query: { cursor } } })),
  );

export const proposalsQuery = (
  projectId: string,
  filter: { state?: ProposalState; asset_id?: string } = {},
) =>
  pagedOptions(["labeling", "proposals", projectId, filter], (cursor) =>
    unwrap(
      client.GET("/v1/projects/{id}/proposals", {
        params: { path: { id: projectId }, query: { ...filter, cursor, limit: 100 } },
      }),
    ),
  );

/** What one project knows of one asset: the first two hundred, enough for a timeline. */
export const assetProposalsQuery = (projectId: string, asset_id: string) =>
  queryOptions({
    queryKey: ["labeling", "asset-proposals", projectId, asset_id],
    queryFn: () =>
      unwrap(
        client.GET("/v1/projects/{id}/proposals", {
          params: { path: { id: projectId }, query: { asset_id, limit: 200 } },
        }),
      ),
    select: (page) => page.items,
  });

export const useCreateProject = () =>
  useMutation({
    mutationFn: ({ name, classes }: { name: string; classes: readonly OntologyClass[] }) =>
      unwrap(client.POST("/v1/projects", { body: { name, classes: plainClasses(classes) } })),
    onSuccess: () => refresh("labeling"),
  });

export const usePropose = (projectId: string) =>
  useMutation({
    mutationFn: (asset_ids?: string[]) =>
      unwrap(
        client.POST("/v1/projects/{id}/propose", {
          params: { path: { id: projectId } },
          body: asset_ids === undefined ? {} : { asset_ids },
        }),
      ),
    onSuccess: () => refresh("jobs"),
  });

/** Decides one proposal. The queue keeps its own order, so nothing is refreshed until the page is left. */
export const decideProposal = (id: string, body: Decision) =>
  unwrap(client.POST("/v1/proposals/{id}/decide", { params: { path: { id } }, body }));
