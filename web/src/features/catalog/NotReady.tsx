import { useQuery } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { useEffect } from "react";
import { jobQuery } from "@/api/jobs";
import { refresh } from "@/api/query-client";
import type { Asset } from "@/api/types";
import { Progress } from "@/design/Progress";

/** In the place of a picture, and over the poster once it is drawn: how far an asset is read, or why it cannot be. */
export function NotReady({ asset }: { readonly asset: Asset }) {
  const isWorking = asset.failure === null && asset.job_id !== null;
  const job = useQuery({ ...jobQuery(asset.job_id ?? ""), enabled: isWorking });
  const note = job.data?.note ?? "";
  useEffect(() => {
    // Another stage has begun: the one before it may have left the poster.
    if (note !== "") refresh("catalog");
  }, [note]);
  if (asset.failure !== null)
    return (
      <div className="not-ready bad-text" title={asset.failure.detail}>
        <CircleAlert size={22} strokeWidth={1.5} />
        <span>{asset.failure.detail}</span>
      </div>
    );
  const isRunning = job.data?.state === "running";
  return (
    <div className="not-ready" data-has-poster={asset.poster_url !== null}>
      {asset.poster_url !== null && <img src={asset.poster_url} alt="" draggable={false} />}
      <span>{note || (isRunning ? "reading" : "waiting its turn")}</span>
      {isRunning && <Progress label={`Reading ${asset.name}`} fraction={job.data?.progress ?? null} />}
    </div>
  );
}
