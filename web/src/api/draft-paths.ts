/** The v1 routes in the shape that openapi-typescript writes, until the server's own OpenAPI document replaces this file. */
import type * as R from "./draft-rows";

type None = Record<never, never>;
type Answer<T> = { responses: { 200: { headers: None; content: { "application/json": T } } } };
type In<Query, Path> = {
  parameters: { query?: Query; header?: { "Idempotency-Key"?: string }; cookie?: never } & ([Path] extends [
    never,
  ]
    ? { path?: never }
    : { path: Path });
};
type Read<T, Query = never, Path = never> = In<Query, Path> & Answer<T> & { requestBody?: never };
type Write<Body, T, Path = never> = In<never, Path> &
  Answer<T> & { requestBody: { content: { "application/json": Body } } };
type Id = { id: string };
type Paging = { cursor?: string; limit?: number };

export type paths = {
  "/v1/engines": { get: Read<{ items: R.Engine[] }> };
  "/v1/generations": { get: Read<R.Page<R.Generation>, Paging>; post: Write<R.Facts, R.Generation> };
  "/v1/generations/{id}": { get: Read<R.Generation, never, Id> };
  "/v1/evaluations": {
    get: Read<R.Page<R.Evaluation>, Paging>;
    post: Write<{ kind: string; checkpoint_id?: string }, R.Evaluation>;
  };
  "/v1/evaluations/{id}": { get: Read<R.Evaluation, never, Id> };
  "/v1/comparisons": { get: Read<R.Page<R.Comparison>, Paging & { state?: "open" | "judged" }> };
  "/v1/comparisons/{id}": { get: Read<R.Comparison, never, Id> };
  "/v1/comparisons/{id}/judge": { post: Write<{ verdict: R.Verdict }, R.Comparison, Id> };
};
