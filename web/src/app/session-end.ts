import { ApiError } from "@/api/client";
import { queryClient } from "@/api/query-client";
import { router } from "./router";

/** A login that has run out leads to its page from wherever one is, and back there afterwards. */
export function watchForSessionEnd(): void {
  queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "error") return;
    // Who is logged in is asked by the router before a page, which redirects by itself.
    const [room] = event.query.queryKey;
    const { error } = event.action;
    if (room === "me" || !(error instanceof ApiError) || error.status !== 401) return;
    const { pathname, href } = router.state.location;
    if (pathname === "/login") return;
    queryClient.clear();
    void router.navigate({ to: "/login", search: { to: href } });
  });
}
