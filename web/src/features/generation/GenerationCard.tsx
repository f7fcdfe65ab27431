import { Link } from "@tanstack/react-router";
import { GitFork } from "lucide-react";
import type { Generation } from "@/api/types";
import { Tip } from "@/design/Tip";
import { When } from "@/design/When";
import { GenerationPicture } from "./GenerationPicture";
import { kindInWords, promptOf } from "./generation-words";
import { ProvenanceBadge } from "./ProvenanceBadge";

export function GenerationCard({ generation }: { readonly generation: Generation }) {
  return (
    <article className="generation-card panel">
      <Link to="/generations/$generationId" params={{ generationId: generation.id }} className="picture">
        <GenerationPicture generation={generation} />
      </Link>
      <div className="caption">
        <p className="prompt">{promptOf(generation) || kindInWords(generation.kind)}</p>
        <div className="row">
          {generation.artifact_id !== null && <ProvenanceBadge verified={generation.verified} />}
          <span className="quiet grow clip-text">
            <When at={generation.created_at} />
          </span>
          <Tip label="Lineage">
            <Link
              to="/lineage/$id"
              params={{ id: generation.id }}
              className="button ghost icon small"
              aria-label="Lineage"
            >
              <GitFork size={14} />
            </Link>
          </Tip>
        </div>
      </div>
    </article>
  );
}
