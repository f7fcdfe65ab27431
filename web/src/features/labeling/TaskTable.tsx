import { useInfiniteQuery } from "@tanstack/react-query";
import { tasksQuery } from "@/api/labeling";
import { More } from "@/design/More";
import { Problem } from "@/design/Problem";
import { TableScroll } from "@/design/TableScroll";
import { TaskRow } from "./TaskRow";

export function TaskTable({ projectId }: { readonly projectId: string }) {
  const tasks = useInfiniteQuery(tasksQuery(projectId));
  if (tasks.isError) return <Problem error={tasks.error} />;
  if (!tasks.data?.length) return null;
  return (
    <section className="panel">
      <header>
        <h2>Tasks</h2>
      </header>
      <TableScroll label="Tasks" tall>
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
              <TaskRow key={task.id} task={task} />
            ))}
          </tbody>
        </table>
        <More list={tasks}>More tasks</More>
      </TableScroll>
    </section>
  );
}
