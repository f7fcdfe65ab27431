import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Film, GitFork } from "lucide-react";
import { generationQuery } from "@/api/generation";
import { isUnfinished, jobQuery } from "@/api/jobs";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { Progress } from "@/design/Progress";
import { ShortId } from "@/design/ShortId";
import { StateBadge } from "@/design/StateBadge";
import { When } from "@/design/When";
import { shortId } from "@/design/words";
import "./generation.css";
import { kindInWords, provenance } from "./generation-words";
import { ProvenanceBadge } from "./ProvenanceBadge";

export function GenerationPage() {
  const { generationId } = useParams({ from: "/shell/generations/$generationId" });
  const generation = useQuery(generationQuery(generationId));
  const row = generation.data;
  const name = row?.name ?? "";
  const job = useQuery({ ...jobQuery(row?.job_id ?? ""), enabled: Boolean(row?.job_id) });
  return (
    <Page
      crumb={
        <Link className="crumb" to="/generations">
          Generations
        </Link>
      }
      title={name}
      about={row && `${row.engine}, ${kindInWords(row.kind)}`}
      actions={
        <>
          {row?.asset_id != null && (
            <Link className="button" to="/assets/$assetId" params={{ assetId: row.asset_id }}>
              <Film size={15} /> In the catalogue
            </Link>
          )}
          <Link className="button" to="/lineage/$id" params={{ id: generationId }}>
            <GitFork size={15} /> Lineage
          </Link>
        </>
      }
    >
      {generation.isError && <Problem error={generation.error} />}
      <div className="generation-grid">
        <div className="generation-stage">
          {row?.media_url ? (
            <video aria-label={name} src={row.media_url} controls loop autoPlay muted playsInline />
          ) : (
            <div className="making">
              {job.data && <StateBadge state={job.data.state} progress={job.data.progress} />}
              {isUnfinished(job.data) && (
                <Progress label="Generating" fraction={job.data?.progress ?? null} />
              )}
              {job.data?.failure && <span>{job.data.failure.detail}</span>}
            </div>
          )}
        </div>
        {row && (
          <aside className="stack wide">
            <section className="panel padded stack">
              <h2 className="row spread">
                Provenance <ProvenanceBadge verified={row.verified} />
              </h2>
              <p className="quiet">{provenance(row.verified).about}</p>
              <dl className="facts">
                <dt>Checkpoint</dt>
                <dd>
                  {row.checkpoint_id === null ? (
                    "–"
                  ) : (
                    <Link className="link" to="/lineage/$id" params={{ id: row.checkpoint_id }}>
                      {shortId(row.checkpoint_id)}
                    </Link>
                  )}
                </dd>
                <dt>Spec digest</dt>
                <dd className="mono">{row.spec_digest.slice(0, 24)}…</dd>
                <dt>Made</dt>
                <dd>
                  <When at={row.created_at} />
                </dd>
                <dt>Id</dt>
                <dd>
                  <ShortId id={row.id} />
                </dd>
              </dl>
            </section>
            <section className="panel padded stack">
              <h2>Spec</h2>
              <pre className="mono spec">{JSON.stringify(row.spec, null, 2)}</pre>
            </section>
          </aside>
        )}
      </div>
    </Page>
  );
}
