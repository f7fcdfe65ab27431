import { Link } from "@tanstack/react-router";
import { GitFork } from "lucide-react";
import type { Generation } from "@/api/types";
import { Tip } from "@/design/Tip";
import { When } from "@/design/When";
import { GenerationPicture } from "./GenerationPicture";
import { ProvenanceBadge } from "./ProvenanceBadge";

type Props = {
  readonly generation: Generation;
  readonly isChosen: boolean;
  /** Absent for who may not compare. */
  readonly onChoose?: (() => void) | undefined;
};

export function GenerationCard({ generation, isChosen, onChoose }: Props) {
  const { name } = generation;
  return (
    <article className="generation-card panel">
      {onChoose !== undefined && generation.artifact_id !== null && (
        <input
          type="checkbox"
          className="choose"
          aria-label={`Choose ${name} to compare`}
          checked={isChosen}
          onChange={onChoose}
        />
      )}
      <Link
        to="/generations/$generationId"
        params={{ generationId: generation.id }}
        className="picture"
        aria-label={name}
      >
        <GenerationPicture generation={generation} />
      </Link>
      <div className="caption">
        <p className="prompt" title={name}>
          {name}
        </p>
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
              aria-label={`Lineage of ${name}`}
            >
              <GitFork size={14} />
            </Link>
          </Tip>
        </div>
      </div>
    </article>
  );
}
