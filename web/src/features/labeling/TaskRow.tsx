import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { assetQuery } from "@/api/catalog";
import type { Task } from "@/api/types";
import { Badge } from "@/design/Badge";
import { When } from "@/design/When";
import { plainWords, shortId } from "@/design/words";

export function TaskRow({ task }: { readonly task: Task }) {
  const { asset_id, start_frame, end_frame } = task;
  const asset = useQuery({ ...assetQuery(asset_id ?? ""), enabled: asset_id !== null, staleTime: 60_000 });
  return (
    <tr>
      <td className="mono quiet name-cell" title={task.external_id ?? task.id}>
        {task.external_id ?? shortId(task.id)}
      </td>
      <td>{plainWords(task.kind)}</td>
      <td className="name-cell">
        {asset_id !== null && (
          <Link
            className="link"
            to="/assets/$assetId"
            params={{ assetId: asset_id }}
            search={{ frame: start_frame ?? 0 }}
          >
            {asset.data?.name ?? shortId(asset_id)}
          </Link>
        )}
      </td>
      <td className="num whole">
        {start_frame !== null && end_frame !== null && `${start_frame}–${end_frame - 1}`}
      </td>
      <td className="end">{task.replicas}</td>
      <td>
        <When at={task.created_at} />
      </td>
      <td>{task.completed_at === null ? <Badge>open</Badge> : <Badge tone="ok">complete</Badge>}</td>
    </tr>
  );
}
