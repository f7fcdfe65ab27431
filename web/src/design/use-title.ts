import { useEffect } from "react";

/** Names the page in the browser's tab and history, and for who cannot see it. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? "Muybridge" : `${title} · Muybridge`;
  }, [title]);
}
