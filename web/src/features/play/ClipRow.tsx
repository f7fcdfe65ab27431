import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BadgeCheck, Film } from "lucide-react";
import { useEffect } from "react";
import { generationQuery } from "@/api/generation";
import { isUnfinished, jobQuery } from "@/api/jobs";
import { refresh } from "@/api/query-client";
import { Progress } from "@/design/Progress";
import { spanInWords } from "./play-words";
import type { SavedClip } from "./use-saved-clips";

/** A clip on its way: imagined again by a worker, then signed. */
export function ClipRow({ clip }: { readonly clip: SavedClip }) {
  const generation = useQuery(generationQuery(clip.generationId));
  const job = useQuery({
    ...jobQuery(generation.data?.job_id ?? ""),
    enabled: Boolean(generation.data?.job_id) && generation.data?.artifact_id == null,
  });
  const isMade = generation.data?.artifact_id != null;
  const state = job.data?.state;
  useEffect(() => {
    if (state === "succeeded") refresh("generation");
  }, [state]);
  return (
    <li className="clip-row" data-made={isMade}>
      <span className="clip-picture">
        {generation.data?.poster_url ? <img src={generation.data.poster_url} alt="" /> : <Film size={15} />}
      </span>
      <span className="grow">
        <span className="row spread">
          <span className="num">
            {clip.branch}, {spanInWords(clip.span)}
          </span>
          <Link className="link" to="/generations/$generationId" params={{ generationId: clip.generationId }}>
            {isMade ? "Open" : "Follow"}
          </Link>
        </span>
        {isMade ? (
          <span className="row quiet signed">
            <BadgeCheck size={13} /> signed, with its provenance
          </span>
        ) : state === "failed" ? (
          <span className="bad-text">{job.data?.failure?.detail ?? "It could not be made."}</span>
        ) : (
          <Progress
            label="Making the clip"
            fraction={isUnfinished(job.data) && state === "running" ? (job.data?.progress ?? null) : null}
          />
        )}
      </span>
    </li>
  );
}
