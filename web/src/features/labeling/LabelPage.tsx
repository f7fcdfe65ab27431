import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus, SquareDashedMousePointer } from "lucide-react";
import { useState } from "react";
import { projectsQuery } from "@/api/labeling";
import { classesFrom } from "@/api/ontology";
import { useMay } from "@/api/trust";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { useKeys } from "@/design/keys/use-keys";
import { More } from "@/design/More";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { When } from "@/design/When";
import { countInWords } from "@/design/words";
import { ClassChips } from "./ClassChips";
import { ComparisonsCall } from "./ComparisonsCall";
import "./labeling.css";
import { NewProject } from "./NewProject";

export function LabelPage() {
  const projects = useInfiniteQuery(projectsQuery);
  const [isNewOpen, setNewOpen] = useState(false);
  const mayManage = useMay()("labeling.manage");
  useKeys("Label", [{ keys: "n", label: "New project", isEnabled: mayManage, run: () => setNewOpen(true) }]);
  const create = mayManage && (
    <Button kind="primary" hotkey="N" icon={<Plus size={15} />} onClick={() => setNewOpen(true)}>
      New project
    </Button>
  );
  return (
    <Page
      title="Label"
      about="Projects: what is asked about footage, and how it is answered."
      actions={create}
    >
      {projects.isError && <Problem error={projects.error} />}
      {projects.isPending && <Skeleton height={96} lines={2} />}
      {projects.data?.length === 0 && (
        <EmptyState
          icon={<SquareDashedMousePointer size={42} strokeWidth={1.2} />}
          title="No project yet"
          action={create}
        >
          {mayManage
            ? "A project names the classes to look for. A motion tracker then offers objects in your footage, and you accept, adjust or reject them by key."
            : "You see the projects that you are given. Ask an owner or manager to add you to one."}
        </EmptyState>
      )}
      <ComparisonsCall />
      <ul className="project-list">
        {projects.data?.map((project) => (
          <li key={project.id}>
            <Link className="panel project-card" to="/label/$projectId" params={{ projectId: project.id }}>
              <div className="row spread">
                <h2 className="clip-text">{project.name}</h2>
                <span className="quiet">
                  <When at={project.created_at} />
                </span>
              </div>
              <ClassChips classes={classesFrom(project.ontology?.classes ?? [])} />
              <span className="quiet num">
                {countInWords(project.num_tasks, "task")}, {project.num_completed} complete
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <More list={projects}>Older projects</More>
      <NewProject open={isNewOpen} onClose={() => setNewOpen(false)} />
    </Page>
  );
}
