import { useQuery } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { jobQuery } from "@/api/jobs";
import type { Asset } from "@/api/types";
import { Progress } from "@/design/Progress";

/** In the place of a picture: how far the reading of an asset is, or why it could not be read. */
export function NotReady({ asset }: { readonly asset: Asset }) {
  const isWorking = asset.failure === null && asset.job_id !== null;
  const job = useQuery({ ...jobQuery(asset.job_id ?? ""), enabled: isWorking });
  if (asset.failure !== null)
    return (
      <div className="not-ready bad-text" title={asset.failure.detail}>
        <CircleAlert size={22} strokeWidth={1.5} />
        <span>{asset.failure.detail}</span>
      </div>
    );
  const isRunning = job.data?.state === "running";
  return (
    <div className="not-ready">
      <span>{job.data?.note || (isRunning ? "reading" : "waiting its turn")}</span>
      {isRunning && <Progress label={`Reading ${asset.name}`} fraction={job.data?.progress ?? null} />}
    </div>
  );
}
