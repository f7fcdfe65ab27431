/** The names by which the studio knows the server's schemas. */
import type { components } from "./schema";

export type * from "./draft-rows";

type Schemas = components["schemas"];
export type ApiKey = Schemas["KeyOut"];
export type Asset = Schemas["AssetOut"];
export type Checkpoint = Schemas["CheckpointOut"];
export type ClipChange = Schemas["ClipChangeOut"];
export type ConsentIn = Schemas["ConsentIn"];
export type DatasetVersion = Schemas["VersionOut"];
export type Decision = Schemas["DecisionIn"];
export type Difference = Schemas["DifferenceOut"];
export type Event = Schemas["EventOut"];
export type Filmstrip = Schemas["FilmstripOut"];
export type Job = Schemas["JobOut"];
export type Lineage = Schemas["LineageOut"];
export type LineageEdge = Schemas["LineageEdgeOut"];
export type LineageNode = Schemas["LineageNodeOut"];
export type Me = Schemas["MeOut"];
export type Member = Schemas["MemberOut"];
export type Ontology = Schemas["OntologyOut"];
export type Project = Schemas["ProjectOut"];
export type Proposal = Schemas["ProposalOut"];
export type ProposalState = Schemas["ProposalState"];
export type Recipe = Schemas["RecipeOut"];
export type Rights = Schemas["RightsOut"];
export type RightsIn = Schemas["RightsIn"];
export type Role = Schemas["Role"];
export type Run = Schemas["RunOut"];
export type RunMetric = Schemas["MetricOut"];
export type Sample = Schemas["SampleOut"];
export type Shot = Schemas["ShotOut"];
export type Task = Schemas["TaskOut"];
export type Use = Schemas["RightsOut"]["allowed_uses"][number];
export type Viewer = Schemas["VisitOut"];
