/** Every address of the studio. A page's code is loaded with its first visit. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { ApiError } from "@/api/client";
import { queryClient } from "@/api/query-client";
import { meQuery } from "@/api/trust";
import { Broken } from "./Broken";
import { NotFound } from "./NotFound";
import { ShellRoute } from "./ShellRoute";
import { numberIn, textIn } from "./search-params";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search) => ({ ...textIn(search, "token"), ...textIn(search, "to") }),
  component: lazyRouteComponent(() => import("@/features/trust/LoginPage"), "LoginPage"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ location }) => {
    try {
      return { me: await queryClient.ensureQueryData(meQuery) };
    } catch (error) {
      if (error instanceof ApiError && error.status === 401)
        throw redirect({ to: "/login", search: { to: location.href } });
      throw error;
    }
  },
  component: ShellRoute,
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/catalogue" });
  },
});
const catalogue = createRoute({
  getParentRoute: () => shell,
  path: "/catalogue",
  validateSearch: (search) => textIn(search, "q"),
  component: lazyRouteComponent(() => import("@/features/catalog/CataloguePage"), "CataloguePage"),
});
const asset = createRoute({
  getParentRoute: () => shell,
  path: "/assets/$assetId",
  validateSearch: (search) => ({ ...textIn(search, "tab"), ...numberIn(search, "frame") }),
  component: lazyRouteComponent(() => import("@/features/catalog/AssetPage"), "AssetPage"),
});
const label = createRoute({
  getParentRoute: () => shell,
  path: "/label",
  component: lazyRouteComponent(() => import("@/features/labeling/LabelPage"), "LabelPage"),
});
const project = createRoute({
  getParentRoute: () => shell,
  path: "/label/$projectId",
  component: lazyRouteComponent(() => import("@/features/labeling/ProjectPage"), "ProjectPage"),
});
const proposals = createRoute({
  getParentRoute: () => shell,
  path: "/label/$projectId/proposals",
  validateSearch: (search) => textIn(search, "asset"),
  component: lazyRouteComponent(() => import("@/features/labeling/ProposalsPage"), "ProposalsPage"),
});
const datasets = createRoute({
  getParentRoute: () => shell,
  path: "/datasets",
  component: lazyRouteComponent(() => import("@/features/datasets/DatasetsPage"), "DatasetsPage"),
});
const dataset = createRoute({
  getParentRoute: () => shell,
  path: "/datasets/$datasetId",
  component: lazyRouteComponent(() => import("@/features/datasets/DatasetPage"), "DatasetPage"),
});
const version = createRoute({
  getParentRoute: () => shell,
  path: "/dataset-versions/$versionId",
  validateSearch: (search) => textIn(search, "against"),
  component: lazyRouteComponent(() => import("@/features/datasets/VersionPage"), "VersionPage"),
});
const runs = createRoute({
  getParentRoute: () => shell,
  path: "/runs",
  component: lazyRouteComponent(() => import("@/features/training/RunsPage"), "RunsPage"),
});
const run = createRoute({
  getParentRoute: () => shell,
  path: "/runs/$runId",
  component: lazyRouteComponent(() => import("@/features/training/RunPage"), "RunPage"),
});
const generations = createRoute({
  getParentRoute: () => shell,
  path: "/generations",
  validateSearch: (search) => ({ ...textIn(search, "checkpoint"), ...textIn(search, "asset") }),
  component: lazyRouteComponent(() => import("@/features/generation/GenerationsPage"), "GenerationsPage"),
});
const generation = createRoute({
  getParentRoute: () => shell,
  path: "/generations/$generationId",
  component: lazyRouteComponent(() => import("@/features/generation/GenerationPage"), "GenerationPage"),
});
const play = createRoute({
  getParentRoute: () => shell,
  path: "/play",
  component: lazyRouteComponent(() => import("@/features/play/PlayPage"), "PlayPage"),
});
const session = createRoute({
  getParentRoute: () => shell,
  path: "/play/$sessionId",
  component: lazyRouteComponent(() => import("@/features/play/SessionPage"), "SessionPage"),
});
const evaluate = createRoute({
  getParentRoute: () => shell,
  path: "/evaluate",
  component: lazyRouteComponent(() => import("@/features/evaluation/EvaluatePage"), "EvaluatePage"),
});
const evaluation = createRoute({
  getParentRoute: () => shell,
  path: "/evaluations/$evaluationId",
  component: lazyRouteComponent(() => import("@/features/evaluation/EvaluationPage"), "EvaluationPage"),
});
const comparisons = createRoute({
  getParentRoute: () => shell,
  path: "/comparisons",
  component: lazyRouteComponent(() => import("@/features/evaluation/ComparePage"), "ComparePage"),
});
const lineageStart = createRoute({
  getParentRoute: () => shell,
  path: "/lineage",
  component: lazyRouteComponent(() => import("@/features/lineage/LineageStartPage"), "LineageStartPage"),
});
const lineage = createRoute({
  getParentRoute: () => shell,
  path: "/lineage/$id",
  validateSearch: (search) => textIn(search, "files"),
  component: lazyRouteComponent(() => import("@/features/lineage/LineagePage"), "LineagePage"),
});
const events = createRoute({
  getParentRoute: () => shell,
  path: "/events",
  validateSearch: (search) => ({
    ...textIn(search, "subject"),
    ...textIn(search, "name"),
    ...textIn(search, "actor"),
  }),
  component: lazyRouteComponent(() => import("@/features/trust/EventsPage"), "EventsPage"),
});
const people = createRoute({
  getParentRoute: () => shell,
  path: "/people",
  component: lazyRouteComponent(() => import("@/features/trust/PeoplePage"), "PeoplePage"),
});

const routeTree = root.addChildren([
  login,
  shell.addChildren([
    home,
    catalogue,
    asset,
    label,
    project,
    proposals,
    datasets,
    dataset,
    version,
    runs,
    run,
    generations,
    generation,
    play,
    session,
    evaluate,
    evaluation,
    comparisons,
    lineageStart,
    lineage,
    events,
    people,
  ]),
]);

export const router = createRouter({ routeTree, defaultPreload: "intent", defaultErrorComponent: Broken });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
