import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { tasksQuery } from "@/api/labeling";
import { Badge } from "@/design/Badge";
import { Button } from "@/design/Button";
import { When } from "@/design/When";
import { shortId } from "@/design/words";

export function TaskTable({ projectId }: { readonly projectId: string }) {
  const tasks = useInfiniteQuery(tasksQuery(projectId));
  if (!tasks.data?.length) return null;
  return (
    <section className="panel">
      <header>
        <h3>Tasks</h3>
        {tasks.hasNextPage && (
          <Button small kind="ghost" onClick={() => void tasks.fetchNextPage()}>
            More
          </Button>
        )}
      </header>
      <div className="table-scroll" style={{ maxHeight: 420 }}>
        <table className="table">
          <thead>
            <tr>
              <th>Task</th>
              <th>Kind</th>
              <th>Footage</th>
              <th>Frames</th>
              <th className="end">Answers wanted</th>
              <th>Made</th>
              <th>State</th>
            </tr>
          </thead>
          <tbody>
            {tasks.data.map((task) => (
              <tr key={task.id}>
                <td className="mono quiet">{task.external_id ?? shortId(task.id)}</td>
                <td>{task.kind}</td>
                <td>
                  {task.asset_id !== null && (
                    <Link
                      className="link"
                      to="/assets/$assetId"
                      params={{ assetId: task.asset_id }}
                      search={{ frame: task.start_frame ?? 0 }}
                    >
                      {shortId(task.asset_id)}
                    </Link>
                  )}
                </td>
                <td className="num">
                  {task.start_frame !== null &&
                    task.end_frame !== null &&
                    `${task.start_frame}–${task.end_frame - 1}`}
                </td>
                <td className="end">{task.replicas}</td>
                <td>
                  <When at={task.created_at} />
                </td>
                <td>
                  {task.completed_at === null ? <Badge>open</Badge> : <Badge tone="ok">complete</Badge>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
