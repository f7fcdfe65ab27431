import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { client, done, unwrap } from "./client";
import { pagedOptions } from "./paging";
import { queryClient, refresh } from "./query-client";
import type { GrantIn, KeyIn, Role } from "./types";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => unwrap(client.GET("/v1/me")),
  staleTime: 60_000,
  retry: false,
});

/** Of who is logged in, as far as the studio knows. */
export const myId = () => queryClient.getQueryData(meQuery.queryKey)?.id;

/** The rights that the studio asks about; `trust/permissions.py` has the whole table. */
export type Permission =
  | "artifacts.read"
  | "catalog.read"
  | "catalog.write"
  | "catalog.rights"
  | "catalog.download"
  | "labeling.read"
  | "labeling.manage"
  | "labeling.answer"
  | "datasets.read"
  | "datasets.freeze"
  | "datasets.export"
  | "training.read"
  | "training.run"
  | "generation.read"
  | "generation.create"
  | "evaluation.read"
  | "evaluation.run"
  | "jobs.read"
  | "jobs.cancel"
  | "trust.read"
  | "trust.manage"
  | "trust.audit";

/** What the person may do. The server decides; the studio only spares them a door that is shut. */
export function useMay(): (permission: Permission) => boolean {
  const me = useQuery(meQuery);
  return (permission) => me.data?.permissions.includes(permission) === true;
}

export const membersQuery = pagedOptions(["people", "members"], (cursor) =>
  unwrap(client.GET("/v1/members", { params: { query: { cursor } } })),
);

export const keysQuery = pagedOptions(["people", "keys"], (cursor) =>
  unwrap(client.GET("/v1/keys", { params: { query: { cursor } } })),
);

export type EventFilter = {
  readonly subject_id?: string;
  readonly name?: string;
  readonly actor_id?: string;
};

export const eventsQuery = (filter: EventFilter) =>
  pagedOptions(["record", "events", filter], (cursor) =>
    unwrap(client.GET("/v1/events", { params: { query: { ...filter, cursor, limit: 100 } } })),
  );

export const viewersQuery = (assetId: string) =>
  pagedOptions(["record", "viewers", assetId], (cursor) =>
    unwrap(client.GET("/v1/assets/{id}/viewers", { params: { path: { id: assetId }, query: { cursor } } })),
  );

export async function logInByPassword(email: string, password: string): Promise<void> {
  await done(client.POST("/v1/auth/login", { body: { email, password } }));
  queryClient.clear();
}

export async function logInByLink(token: string): Promise<void> {
  await done(client.POST("/v1/auth/link", { body: { token } }));
  queryClient.clear();
}

export async function logOut(): Promise<void> {
  await done(client.POST("/v1/auth/logout"));
  queryClient.clear();
}

export const useSetPassword = () =>
  useMutation({
    mutationFn: (body: { password: string; current?: string }) =>
      done(client.PUT("/v1/me/password", { body })),
  });

export const useAddMember = () =>
  useMutation({
    mutationFn: (body: { name: string; email: string; role: Role }) =>
      unwrap(client.POST("/v1/members", { body })),
    onSuccess: () => refresh("people"),
  });

export const useChangeRole = () =>
  useMutation({
    mutationFn: ({ id, role }: { id: string; role: Role }) =>
      unwrap(client.PATCH("/v1/members/{id}", { params: { path: { id } }, body: { role } })),
    onSuccess: () => refresh("people"),
  });

/** Who was given a role within one project. */
export const grantsQuery = (scope_id: string) =>
  pagedOptions(["people", "grants", scope_id], (cursor) =>
    unwrap(client.GET("/v1/grants", { params: { query: { scope_id, cursor } } })),
  );

export const useGiveGrant = () =>
  useMutation({
    mutationFn: (body: GrantIn) => unwrap(client.POST("/v1/grants", { body })),
    onSuccess: () => refresh("people"),
  });

export const useRevokeGrant = () =>
  useMutation({
    mutationFn: (id: string) => done(client.DELETE("/v1/grants/{id}", { params: { path: { id } } })),
    onSuccess: () => refresh("people"),
  });

/** A fresh link for a member, shown once. */
export const useMemberLink = () =>
  useMutation({
    mutationFn: (id: string) => unwrap(client.POST("/v1/members/{id}/links", { params: { path: { id } } })),
  });

export const loginsQuery = queryOptions({
  queryKey: ["people", "logins"],
  queryFn: () => unwrap(client.GET("/v1/me/logins")),
  select: (list) => list.items,
});

export const useRevokeLogin = () =>
  useMutation({
    mutationFn: (id: string) => done(client.DELETE("/v1/logins/{id}", { params: { path: { id } } })),
    onSuccess: () => refresh("people"),
  });

export const useRemoveMember = () =>
  useMutation({
    mutationFn: (id: string) => done(client.DELETE("/v1/members/{id}", { params: { path: { id } } })),
    onSuccess: () => refresh("people"),
  });

export const useCreateKey = () =>
  useMutation({
    mutationFn: (body: KeyIn) => unwrap(client.POST("/v1/keys", { body })),
    onSuccess: () => refresh("people"),
  });

export const useRevokeKey = () =>
  useMutation({
    mutationFn: (id: string) => done(client.DELETE("/v1/keys/{id}", { params: { path: { id } } })),
    onSuccess: () => refresh("people"),
  });
