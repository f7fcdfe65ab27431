import { useRouteContext } from "@tanstack/react-router";
import { Shell } from "./Shell";

export function ShellRoute() {
  const { me } = useRouteContext({ from: "/shell" });
  return <Shell me={me} />;
}
