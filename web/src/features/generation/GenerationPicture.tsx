import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { generationQuery } from "@/api/generation";
import { jobQuery } from "@/api/jobs";
import type { Generation } from "@/api/types";
import { Progress } from "@/design/Progress";

type Props = { readonly generation: Generation };

/** The poster; the clip itself under the pointer or focus, since to stream it is an event. */
export function GenerationPicture({ generation }: Props) {
  const [isPlaying, setPlaying] = useState(false);
  const isMade = generation.artifact_id !== null;
  const job = useQuery({
    ...jobQuery(generation.job_id ?? ""),
    enabled: !isMade && generation.job_id !== null,
  });
  const whole = useQuery({
    ...generationQuery(generation.id),
    enabled: isPlaying && isMade,
    staleTime: 300_000,
  });
  const url = whole.data?.media_url;
  if (!isMade)
    return (
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
    );
  return (
    <div className="clip" onPointerEnter={() => setPlaying(true)} onPointerLeave={() => setPlaying(false)}>
      {generation.poster_url && <img src={generation.poster_url} alt="" loading="lazy" />}
      {isPlaying && url && <video src={url} muted loop autoPlay playsInline />}
    </div>
  );
}
