import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Search, Upload } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { assetsQuery } from "@/api/catalog";
import { useMay } from "@/api/trust";
import { Button } from "@/design/Button";
import { useKeys } from "@/design/keys/use-keys";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { AssetGrid } from "./AssetGrid";
import "./catalog.css";
import { takeDropped } from "./DropAnywhere";
import { fromInput } from "./dropped-files";
import { NoFootage } from "./NoFootage";

export function CataloguePage() {
  const { q = "" } = useSearch({ from: "/shell/catalogue" });
  const navigate = useNavigate();
  // What is typed, until the address says it too.
  const [draft, setDraft] = useState<string | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const assets = useInfiniteQuery(assetsQuery(q));
  const mayAdd = useMay()("catalog.write");

  useEffect(() => {
    if (draft === null) return;
    if (draft === q) {
      setDraft(null);
      return;
    }
    const timer = setTimeout(
      () => void navigate({ to: "/catalogue", search: { q: draft || undefined }, replace: true }),
      220,
    );
    return () => clearTimeout(timer);
  }, [draft, q, navigate]);

  useKeys("Catalogue", [
    { keys: "/", label: "Search by name", run: () => search.current?.focus() },
    { keys: "u", label: "Add files", isEnabled: mayAdd, run: () => files.current?.click() },
    { keys: "Shift+u", label: "Add a folder", isEnabled: mayAdd, run: () => folder.current?.click() },
  ]);

  const pick = mayAdd && (
    <>
      <Button icon={<Upload size={15} />} kind="primary" hotkey="U" onClick={() => files.current?.click()}>
        Add footage
      </Button>
      <input
        ref={files}
        hidden
        multiple
        type="file"
        accept="video/*,.mkv,.mxf,.avi,.mts"
        data-testid="pick-files"
        onChange={(event) => event.target.files && takeDropped(fromInput(event.target.files))}
      />
      <input
        ref={folder}
        hidden
        type="file"
        {...{ webkitdirectory: "" }}
        onChange={(event) => event.target.files && takeDropped(fromInput(event.target.files))}
      />
    </>
  );

  return (
    <Page
      flush
      title="Catalogue"
      about={mayAdd ? "Footage, newest first. Drop files or folders anywhere." : "Footage, newest first."}
      actions={
        <>
          <label className="search">
            <Search size={15} />
            <input
              ref={search}
              className="input"
              type="search"
              placeholder="Search by name"
              aria-label="Search by name"
              value={draft ?? q}
              onChange={(event) => setDraft(event.target.value)}
              onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
            />
          </label>
          {pick}
        </>
      }
    >
      {assets.isError && <Problem error={assets.error} />}
      {assets.data?.length === 0 ? (
        <NoFootage
          query={q}
          mayAdd={mayAdd}
          onClear={() => setDraft("")}
          onAddFolder={() => folder.current?.click()}
        />
      ) : (
        <AssetGrid
          assets={assets.data ?? null}
          isMore={assets.hasNextPage}
          onMore={() => !assets.isFetchingNextPage && void assets.fetchNextPage()}
        />
      )}
    </Page>
  );
}
