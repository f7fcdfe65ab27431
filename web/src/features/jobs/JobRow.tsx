import { Link } from "@tanstack/react-router";
import { Ban } from "lucide-react";
import { useState } from "react";
import { isUnfinished, useCancelJob } from "@/api/jobs";
import { useMay } from "@/api/trust";
import type { Job } from "@/api/types";
import { IconButton } from "@/design/IconButton";
import { Progress } from "@/design/Progress";
import { placeOf } from "@/design/places-of-ids";
import { StateBadge } from "@/design/StateBadge";
import { sayError } from "@/design/toasts";
import { When } from "@/design/When";
import { AssetName } from "./AssetName";
import { JobHistory } from "./JobHistory";
import { jobDuration, jobTitle } from "./job-words";

export function JobRow({ job }: { readonly job: Job }) {
  const cancel = useCancelJob();
  const mayCancel = useMay()("jobs.cancel");
  const [isOpen, setOpen] = useState(false);
  const place = job.subject_id === null ? null : placeOf(job.subject_id);
  return (
    <article className="job">
      <div className="row">
        <button
          type="button"
          className="job-title grow"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {jobTitle(job)}
          {job.subject_id?.startsWith("ast_") && <AssetName id={job.subject_id} />}
        </button>
        <StateBadge state={job.state} />
        {isUnfinished(job) && mayCancel && (
          <IconButton
            small
            label="Cancel this job"
            icon={<Ban size={14} />}
            onClick={() => cancel.mutate(job.id, { onError: sayError })}
          />
        )}
      </div>
      {job.state === "running" && <Progress label={jobTitle(job)} fraction={job.progress} />}
      <div className="row spread quiet job-line">
        <span className="clip-text">{job.failure?.detail ?? (job.note || <When at={job.created_at} />)}</span>
        <span className="num">{jobDuration(job, new Date())}</span>
      </div>
      {isOpen && (
        <>
          {job.failure?.remedy && <p>{job.failure.remedy}</p>}
          {place !== null && (
            <Link className="link" to={place}>
              What it works on
            </Link>
          )}
          <JobHistory id={job.id} />
        </>
      )}
    </article>
  );
}
