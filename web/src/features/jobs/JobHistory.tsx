import { useQuery } from "@tanstack/react-query";
import { jobQuery } from "@/api/jobs";
import { plainWords } from "@/design/words";

/** Each change of one job: what to read when something went wrong. */
export function JobHistory({ id }: { readonly id: string }) {
  const job = useQuery(jobQuery(id));
  return (
    <ol className="job-history">
      {job.data?.events.map((event) => (
        <li key={`${event.at} ${event.kind}`}>
          <time className="num quiet">{new Date(event.at).toLocaleTimeString()}</time>
          <span>
            {plainWords(event.kind)} {typeof event.facts.stage === "string" && event.facts.stage}
          </span>
        </li>
      ))}
    </ol>
  );
}
