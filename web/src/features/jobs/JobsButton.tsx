import { useQuery } from "@tanstack/react-query";
import { Activity } from "lucide-react";
import { isUnfinished, jobsQuery } from "@/api/jobs";
import { Kbd } from "@/design/Kbd";
import { countInWords } from "@/design/words";
import "./jobs.css";
import { jobTitle } from "./job-words";

type Props = { readonly isOpen: boolean; readonly onToggle: () => void };

/** In the corner of every page: what is at work now. */
export function JobsButton({ isOpen, onToggle }: Props) {
  const jobs = useQuery(jobsQuery);
  const busy = jobs.data?.filter(isUnfinished) ?? [];
  const first = busy.find((job) => job.state === "running") ?? busy[0];
  if (isOpen) return null;
  return (
    <button
      type="button"
      className="jobs-button"
      data-busy={busy.length > 0}
      onClick={onToggle}
      aria-label="Show jobs"
    >
      <Activity size={15} />
      {first === undefined ? (
        <span>Jobs</span>
      ) : (
        <span className="num">
          {busy.length === 1 ? jobTitle(first) : countInWords(busy.length, "job")}
          {first.state === "running" && first.progress !== null && ` · ${Math.round(first.progress * 100)} %`}
        </span>
      )}
      <Kbd>G J</Kbd>
    </button>
  );
}
