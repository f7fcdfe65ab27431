import { useState } from "react";
import { Badge } from "@/design/Badge";
import { When } from "@/design/When";
import { JobRow } from "./JobRow";
import type { JobGroup } from "./job-groups";
import { jobTitle } from "./job-words";

/** Like jobs that all went well, as one line until it is opened. */
export function JobGroupRow({ jobs }: { readonly jobs: JobGroup }) {
  const [isOpen, setOpen] = useState(false);
  const [newest] = jobs;
  if (jobs.length === 1) return <JobRow job={newest} />;
  return (
    <>
      <article className="job">
        <div className="row">
          <button
            type="button"
            className="job-title grow"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {jobTitle(newest)}
          </button>
          <Badge tone="ok">{jobs.length} succeeded</Badge>
        </div>
        <div className="quiet job-line">
          <When at={newest.finished_at ?? newest.created_at} />
        </div>
      </article>
      {isOpen && (
        <div className="job-group">
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </div>
      )}
    </>
  );
}
