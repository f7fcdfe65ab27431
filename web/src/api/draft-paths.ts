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
type Act<T, Path = never> = In<never, Path> & Answer<T> & { requestBody?: never };
type Id = { id: string };
type Paging = { cursor?: string; limit?: number };

type Trust = {
  "/v1/auth/login": { post: Write<{ email: string; password: string }, R.Me> };
  "/v1/auth/link": { post: Write<{ token: string }, R.Me> };
  "/v1/auth/logout": { post: Act<null> };
  "/v1/me": { get: Read<R.Me> };
  "/v1/members": {
    get: Read<R.Page<R.Member>, Paging>;
    post: Write<{ name: string; email: string; role: R.Role }, R.Member & { link?: string }>;
  };
  "/v1/members/{id}": { patch: Write<{ role?: R.Role }, R.Member, Id>; delete: Act<null, Id> };
  "/v1/keys": {
    get: Read<R.Page<R.ApiKey>, Paging>;
    post: Write<{ name: string; role: R.Role; prefix?: string }, R.ApiKey>;
  };
  "/v1/keys/{id}": { delete: Act<null, Id> };
  "/v1/events": {
    get: Read<R.Page<R.Event>, Paging & { subject_id?: string; name?: string; actor_id?: string }>;
  };
  "/v1/assets/{id}/viewers": { get: Read<R.Page<R.Viewer>, Paging, Id> };
};

type Catalog = {
  "/v1/assets": { get: Read<R.Page<R.Asset>, Paging & { query?: string }> };
  "/v1/assets/{id}": {
    get: Read<R.Asset, never, Id>;
    patch: Write<{ name: string }, R.Asset, Id>;
    delete: Act<null, Id>;
  };
  "/v1/assets/{id}/shots": { get: Read<R.Page<R.Shot>, Paging, Id> };
  "/v1/assets/{id}/index": { get: Read<R.AssetIndex, never, Id> };
  "/v1/assets/{id}/media": { get: Read<R.AssetMedia, never, Id> };
  "/v1/assets/{id}/views": { post: Write<{ start_frame: number; end_frame: number }, null, Id> };
  "/v1/assets/{id}/rights": { get: Read<R.Rights, never, Id>; put: Write<R.RightsIn, R.Rights, Id> };
  "/v1/assets/{id}/rights/revoke": { post: Write<{ reason: string }, { downstream: R.LineageNode[] }, Id> };
  "/v1/assets/{id}/consents": {
    get: Read<R.Page<R.Consent>, Paging, Id>;
    post: Write<R.ConsentIn, R.Consent, Id>;
  };
};

type Labeling = {
  "/v1/projects": {
    get: Read<R.Page<R.Project>, Paging>;
    post: Write<{ name: string; classes: R.OntologyClass[] }, R.Project>;
  };
  "/v1/projects/{id}": { get: Read<R.Project, never, Id> };
  "/v1/projects/{id}/tasks": { get: Read<R.Page<R.Task>, Paging, Id> };
  "/v1/projects/{id}/propose": { post: Write<{ asset_ids?: string[] }, R.Job, Id> };
  "/v1/projects/{id}/proposals": {
    get: Read<R.Page<R.Proposal>, Paging & { state?: R.ProposalState; asset_id?: string }, Id>;
  };
  "/v1/proposals/{id}/decide": { post: Write<R.Decision, R.Proposal, Id> };
};

type Datasets = {
  "/v1/datasets": {
    get: Read<R.Page<R.Dataset>, Paging>;
    post: Write<{ name: string; query: R.Facts }, R.Dataset>;
  };
  "/v1/datasets/{id}": { get: Read<R.Dataset & { versions: R.DatasetVersion[] }, never, Id> };
  "/v1/datasets/{id}/versions": { post: Write<{ purpose: string }, R.DatasetVersion, Id> };
  "/v1/dataset-versions/{id}": { get: Read<R.DatasetVersion, never, Id> };
  "/v1/dataset-versions/{id}/difference/{other_id}": {
    get: Read<R.Difference, never, Id & { other_id: string }>;
  };
  "/v1/dataset-versions/{id}/export": { post: Write<{ format: string }, R.Job, Id> };
};

type Models = {
  "/v1/runs": {
    get: Read<R.Page<R.Run>, Paging>;
    post: Write<{ name: string; recipe: string; version_id?: string; seed: number; budget_s: number }, R.Run>;
  };
  "/v1/runs/{id}": { get: Read<R.Run, never, Id> };
  "/v1/runs/{id}/metrics": { get: Read<R.Page<R.RunMetric>, { after_step?: number; limit?: number }, Id> };
  "/v1/runs/{id}/stop": { post: Act<R.Run, Id> };
  "/v1/checkpoints": { get: Read<R.Page<R.Checkpoint>, Paging & { run_id?: string }> };
  "/v1/checkpoints/{id}": { get: Read<R.Checkpoint, never, Id> };
  "/v1/engines": { get: Read<R.Page<R.Engine>> };
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
  "/v1/lineage/{id}": { get: Read<R.Lineage, never, Id> };
  "/v1/jobs": { get: Read<R.Page<R.Job>, Paging & { state?: R.JobState }> };
  "/v1/jobs/{id}": { get: Read<R.Job & { events: R.JobEvent[] }, never, Id> };
  "/v1/jobs/{id}/cancel": { post: Act<R.Job, Id> };
  "/v1/system": { get: Read<R.System> };
};

export type paths = Trust & Catalog & Labeling & Datasets & Models;
