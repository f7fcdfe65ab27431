import { useQuery } from "@tanstack/react-query";
import { Activity } from "lucide-react";
import { isUnfinished, jobsQuery } from "@/api/jobs";
import { Progress } from "@/design/Progress";
import { Tip } from "@/design/Tip";
import "./jobs.css";
import { jobTitle } from "./job-words";

type Props = { readonly isOpen: boolean; readonly onToggle: () => void };

/** On every page: what is at work now, and how far it is. */
export function JobsButton({ isOpen, onToggle }: Props) {
  const jobs = useQuery(jobsQuery);
  const busy = jobs.data?.filter(isUnfinished) ?? [];
  const first = busy.find((job) => job.state === "running") ?? busy[0];
  return (
    <Tip label="Jobs" hotkey="G J" side="right">
      <button
        type="button"
        className="jobs-button"
        data-busy={busy.length > 0}
        aria-expanded={isOpen}
        onClick={onToggle}
      >
        <Activity size={16} strokeWidth={1.8} />
        <span className="words">
          <span className="clip-text">
            <span className={first === undefined ? undefined : "visually-hidden"}>Jobs</span>
            {first !== undefined && jobTitle(first)}
          </span>
          {busy.length > 1 && <span className="quiet num">+{busy.length - 1}</span>}
          {first?.state === "running" && <Progress label={jobTitle(first)} fraction={first.progress} />}
        </span>
      </button>
    </Tip>
  );
}
