import { Compass } from "lucide-react";
import { EmptyState } from "@/design/EmptyState";
import { useTitle } from "@/design/use-title";

export function NotFound() {
  useTitle("There is nothing here");
  return (
    <main className="page">
      <EmptyState
        isWholePage
        icon={<Compass size={42} strokeWidth={1.2} />}
        title="There is nothing here"
        action={
          <a className="button primary" href="/catalogue">
            To the catalogue
          </a>
        }
      >
        The address may be mistyped, or the thing was removed.
      </EmptyState>
    </main>
  );
}
