import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { jobQuery } from "@/api/jobs";
import type { Run } from "@/api/types";
import { Badge } from "@/design/Badge";
import { StateBadge } from "@/design/StateBadge";
import { When } from "@/design/When";
import { shortId } from "@/design/words";
import { recipeName } from "./recipe-words";
import { VersionName } from "./VersionName";

export function RunRow({ run }: { readonly run: Run }) {
  const job = useQuery({ ...jobQuery(run.job_id ?? ""), enabled: run.job_id !== null });
  return (
    <tr>
      <td>
        <Link className="link" to="/runs/$runId" params={{ runId: run.id }}>
          {run.name || shortId(run.id)}
        </Link>
      </td>
      <td>{recipeName(run.recipe)}</td>
      <td>
        {run.version_id === null ? (
          <span className="quiet">simulator only</span>
        ) : (
          <VersionName id={run.version_id} />
        )}
      </td>
      <td className="end">{run.budget_s === null ? "–" : `${Math.round(run.budget_s)} s`}</td>
      <td className="end">{run.seed}</td>
      <td>
        <When at={run.created_at} />
      </td>
      <td>
        {run.job_id === null && <Badge>came with the package</Badge>}
        {job.data && <StateBadge state={job.data.state} progress={job.data.progress} />}
      </td>
    </tr>
  );
}
