import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { GitFork } from "lucide-react";
import { jobQuery } from "@/api/jobs";
import type { Generation } from "@/api/types";
import { IconButton } from "@/design/IconButton";
import { Progress } from "@/design/Progress";
import { When } from "@/design/When";
import { kindInWords, promptOf } from "./generation-words";
import { ProvenanceBadge } from "./ProvenanceBadge";

/** A clip that plays under the pointer or focus, with who made it. */
export function GenerationCard({ generation }: { readonly generation: Generation }) {
  const isMade = generation.artifact_id !== null;
  const job = useQuery({
    ...jobQuery(generation.job_id ?? ""),
    enabled: !isMade && generation.job_id !== null,
  });
  const navigate = useNavigate();
  return (
    <article className="generation-card panel">
      <Link to="/generations/$generationId" params={{ generationId: generation.id }} className="picture">
        {generation.media_url ? (
          <video
            src={generation.media_url}
            muted
            loop
            playsInline
            preload="metadata"
            onPointerEnter={(event) => void event.currentTarget.play().catch(() => undefined)}
            onPointerLeave={(event) => event.currentTarget.pause()}
          />
        ) : (
          <div className="making">
            {job.data?.state === "failed" ? (
              <span className="bad-text">{job.data.failure?.detail ?? "It could not be made."}</span>
            ) : (
              <>
                <span>{job.data?.note || job.data?.state || "…"}</span>
                <Progress
                  label="Generating"
                  fraction={job.data?.state === "running" ? job.data.progress : null}
                />
              </>
            )}
          </div>
        )}
      </Link>
      <div className="caption">
        <p className="prompt">{promptOf(generation) || kindInWords(generation.kind)}</p>
        <div className="row">
          {isMade && <ProvenanceBadge verified={generation.verified} />}
          <span className="quiet grow clip-text">
            {generation.engine} · {kindInWords(generation.kind)} · <When at={generation.created_at} />
          </span>
          <IconButton
            small
            label="Lineage"
            icon={<GitFork size={14} />}
            onClick={() => void navigate({ to: "/lineage/$id", params: { id: generation.id } })}
          />
        </div>
      </div>
    </article>
  );
}
