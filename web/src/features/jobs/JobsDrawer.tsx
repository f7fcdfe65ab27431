import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { isUnfinished, jobsQuery } from "@/api/jobs";
import { IconButton } from "@/design/IconButton";
import { useKeys } from "@/design/keys/use-keys";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { JobGroupRow } from "./JobGroupRow";
import { JobRow } from "./JobRow";
import { groupJobs } from "./job-groups";
import "./jobs.css";

type Props = { readonly onClose: () => void };

export function JobsDrawer({ onClose }: Props) {
  const jobs = useQuery(jobsQuery);
  useKeys("Jobs", [{ keys: "Escape", label: "Close jobs", run: onClose }]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const unfinished = jobs.data?.filter(isUnfinished) ?? [];
  const finished = jobs.data?.filter((job) => !isUnfinished(job)) ?? [];
  return (
    <aside className="jobs-drawer" aria-label="Jobs">
      <header>
        <h2 ref={heading} tabIndex={-1}>
          Jobs
        </h2>
        <IconButton small label="Close" hotkey="esc" icon={<X size={15} />} onClick={onClose} />
      </header>
      <div className="body">
        {jobs.isError && <Problem error={jobs.error} />}
        {jobs.isPending && <Skeleton lines={4} height={44} />}
        {jobs.data?.length === 0 && <p className="quiet">Nothing yet. Work in the background shows here.</p>}
        {unfinished.length > 0 && <h3>Now</h3>}
        {unfinished.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
        {finished.length > 0 && <h3>Done</h3>}
        {groupJobs(finished).map((group) => (
          <JobGroupRow key={group[0].id} jobs={group} />
        ))}
      </div>
    </aside>
  );
}
