import { queryOptions, useMutation } from "@tanstack/react-query";
import { client, done, isRefusal, unwrap } from "./client";
import { pagedOptions } from "./paging";
import { refresh } from "./query-client";
import { myId } from "./trust";
import type { ConsentIn, Media, RightsIn, SpanIn } from "./types";

const at = (id: string) => ({ params: { path: { id } } });

export const assetsQuery = (query: string) =>
  pagedOptions(["catalog", "assets", query], (cursor) =>
    unwrap(
      client.GET("/v1/assets", {
        params: { query: { ...(query === "" ? {} : { query }), cursor, limit: 60 } },
      }),
    ),
  );

export const assetQuery = (id: string) =>
  queryOptions({
    queryKey: ["catalog", "asset", id],
    queryFn: () => unwrap(client.GET("/v1/assets/{id}", at(id))),
  });

export const shotsQuery = (id: string) =>
  queryOptions({
    queryKey: ["catalog", "shots", id],
    queryFn: () =>
      unwrap(client.GET("/v1/assets/{id}/shots", { params: { path: { id }, query: { limit: 500 } } })),
    select: (page) => page.items,
  });

/** The pts of every frame never changes, so it is asked once. */
export const indexQuery = (id: string) =>
  queryOptions({
    queryKey: ["catalog", "index", id],
    queryFn: () => unwrap(client.GET("/v1/assets/{id}/index", at(id))),
    staleTime: Number.POSITIVE_INFINITY,
  });

const media = (id: string) => unwrap(client.GET("/v1/assets/{id}/media", at(id)));

/** Signed urls run out, so they are asked anew each time a player opens; one that is open renews its own. */
export const mediaQuery = (id: string) =>
  queryOptions({
    queryKey: ["media", id],
    queryFn: () => media(id),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export const playableUrl = ({ proxy_url, source_url }: Media) => proxy_url ?? source_url;

/** Another address of what a player shows, once the one that it has runs out. */
export async function renewedUrl(id: string): Promise<string> {
  const url = playableUrl(await media(id));
  if (url === null) throw new Error(`${id} has nothing to play.`);
  return url;
}

export const rightsQuery = (id: string) =>
  queryOptions({
    queryKey: ["catalog", "rights", id],
    queryFn: () => unwrap(client.GET("/v1/assets/{id}/rights", at(id))),
  });

export const consentsQuery = (id: string) =>
  queryOptions({
    queryKey: ["catalog", "consents", id],
    queryFn: () => unwrap(client.GET("/v1/assets/{id}/consents", at(id))),
    select: (list) => list.items,
  });

export const useRenameAsset = (id: string) =>
  useMutation({
    mutationFn: (name: string) => unwrap(client.PATCH("/v1/assets/{id}", { ...at(id), body: { name } })),
    onSuccess: () => refresh("catalog"),
  });

/** Asks for an address of the original, which is an event, and hands it to the browser. */
export const useDownload = (id: string) =>
  useMutation({
    mutationFn: () => unwrap(client.POST("/v1/assets/{id}/downloads", at(id))),
    onSuccess: ({ url }) => location.assign(url),
  });

export const useDeleteAsset = () =>
  useMutation({
    mutationFn: (id: string) => done(client.DELETE("/v1/assets/{id}", at(id))),
    onSuccess: () => refresh("catalog"),
  });

export const useDeclareRights = (id: string) =>
  useMutation({
    mutationFn: (body: RightsIn) => unwrap(client.PUT("/v1/assets/{id}/rights", { ...at(id), body })),
    onSuccess: () => refresh("catalog"),
  });

export const useRevokeRights = (id: string) =>
  useMutation({
    mutationFn: (reason: string) =>
      unwrap(client.POST("/v1/assets/{id}/rights/revoke", { ...at(id), body: { reason } })),
    onSuccess: () => refresh("catalog"),
  });

export const useRevokeConsent = () =>
  useMutation({
    mutationFn: (id: string) => unwrap(client.POST("/v1/consents/{id}/revoke", at(id))),
    onSuccess: () => refresh("catalog"),
  });

export const useAddConsent = (id: string) =>
  useMutation({
    mutationFn: (body: ConsentIn) => unwrap(client.POST("/v1/assets/{id}/consents", { ...at(id), body })),
    onSuccess: () => refresh("catalog"),
  });

/**
 * Tells the event log which frames the person who is logged in now saw; rejects only if the same may be told again
 * later. A page that closes leaves it on its way.
 */
export function noteViewsOf(id: string): (span: SpanIn) => Promise<void> {
  const viewer = myId();
  return async (body) => {
    // What one person saw must not be told in the name of the next.
    if (myId() !== viewer) throw new Error("Who saw it is not logged in.");
    try {
      await done(client.POST("/v1/assets/{id}/views", { ...at(id), body, keepalive: true }));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      console.warn("A view is not noted: the server refuses it.", error);
    }
  };
}

/** The picture of one frame, decoded by the server: exact, for what a browser cannot play. */
export function frameUrl(id: string, frame: number): string {
  return `/v1/assets/${id}/frames/${frame}.jpg`;
}
