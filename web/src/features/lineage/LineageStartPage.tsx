import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { GitFork } from "lucide-react";
import { useState } from "react";
import { assetsQuery } from "@/api/catalog";
import { generationsQuery } from "@/api/generation";
import { checkpointsQuery } from "@/api/training";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { Page } from "@/design/Page";
import "./lineage.css";
import { nounTone } from "./nouns";

/** Where to begin: an id, or one of the newest things that have a past. */
export function LineageStartPage() {
  const navigate = useNavigate();
  const [id, setId] = useState("");
  const generations = useInfiniteQuery(generationsQuery);
  const checkpoints = useInfiniteQuery(checkpointsQuery);
  const assets = useInfiniteQuery(assetsQuery(""));
  const starts = [
    ...(generations.data ?? [])
      .slice(0, 6)
      .map((row) => ({ id: row.id, noun: "generation", title: row.name })),
    ...(checkpoints.data ?? []).slice(0, 4).map((row) => ({
      id: row.id,
      noun: "checkpoint",
      title: `${row.recipe} · step ${row.step.toLocaleString("en")}`,
    })),
    ...(assets.data ?? []).slice(0, 8).map((row) => ({ id: row.id, noun: "asset", title: row.name })),
  ];
  return (
    <Page
      title="Lineage"
      about="What came from what: footage, versions, checkpoints, generations, scores."
      actions={
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            void navigate({ to: "/lineage/$id", params: { id: id.trim() } });
          }}
        >
          <input
            className="input mono"
            style={{ width: 300 }}
            placeholder="gen_…, ckp_…, ast_…"
            aria-label="Id of a thing"
            required
            value={id}
            onChange={(event) => setId(event.target.value)}
          />
          <Button type="submit" kind="primary">
            Show
          </Button>
        </form>
      }
    >
      {starts.length === 0 ? (
        <EmptyState icon={<GitFork size={42} strokeWidth={1.2} />} title="Nothing has a past yet">
          Add footage, freeze a dataset version, train on it and generate: each step is recorded here, back to
          the frames it came from.
        </EmptyState>
      ) : (
        <ul className="lineage-starts">
          {starts.map((start) => (
            <li key={start.id}>
              <Link className="lineage-node" to="/lineage/$id" params={{ id: start.id }}>
                <i style={{ background: nounTone(start.noun) }} />
                <span className="noun">{start.noun}</span>
                <span className="clip-text title">{start.title}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
