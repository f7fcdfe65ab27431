import { queryOptions, useMutation } from "@tanstack/react-query";
import { client, done, unwrap } from "./client";
import { pagedOptions } from "./paging";
import { queryClient, refresh } from "./query-client";
import type { Role } from "./types";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => unwrap(client.GET("/v1/me")),
  staleTime: 60_000,
  retry: false,
});

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

export const useRemoveMember = () =>
  useMutation({
    mutationFn: (id: string) => done(client.DELETE("/v1/members/{id}", { params: { path: { id } } })),
    onSuccess: () => refresh("people"),
  });

export const useCreateKey = () =>
  useMutation({
    mutationFn: (body: { name: string; role: Role; prefix?: string }) =>
      unwrap(client.POST("/v1/keys", { body })),
    onSuccess: () => refresh("people"),
  });

export const useRevokeKey = () =>
  useMutation({
    mutationFn: (id: string) => done(client.DELETE("/v1/keys/{id}", { params: { path: { id } } })),
    onSuccess: () => refresh("people"),
  });
