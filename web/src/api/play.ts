import { queryOptions, useMutation } from "@tanstack/react-query";
import { client, unwrap } from "./client";
import { pagedOptions } from "./paging";
import { refresh } from "./query-client";
import type { SessionIn } from "./types";

const at = (id: string) => ({ params: { path: { id } } });

export const sessionsQuery = pagedOptions(["generation", "sessions"], (cursor) =>
  unwrap(client.GET("/v1/sessions", { params: { query: { cursor, limit: 12 } } })),
);

export const sessionQuery = (id: string) =>
  queryOptions({ queryKey: ["generation", "session", id], queryFn: () => loadSession(id) });

export const loadSession = (id: string) => unwrap(client.GET("/v1/sessions/{id}", at(id)));

export const useOpenSession = () =>
  useMutation({
    mutationFn: (body: SessionIn) => unwrap(client.POST("/v1/sessions", { body })),
    onSuccess: () => refresh("generation"),
  });

export const useEndSession = () =>
  useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE("/v1/sessions/{id}", at(id))),
    onSuccess: () => refresh("generation"),
  });

/** Frames [start_frame, end_frame) of a branch. */
type SpanOfBranch = { branch: string; start_frame: number; end_frame: number };

export const useSaveClip = (id: string) =>
  useMutation({
    mutationFn: (body: SpanOfBranch) => unwrap(client.POST("/v1/sessions/{id}/clips", { ...at(id), body })),
    onSuccess: () => refresh("generation"),
  });

/** The channel of a session, on the server that this page came from. */
export function dialSession(id: string): WebSocket {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(`${scheme}//${location.host}/v1/sessions/${id}/channel`);
}
