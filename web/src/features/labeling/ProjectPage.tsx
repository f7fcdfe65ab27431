import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Play, Radar } from "lucide-react";
import { projectQuery, proposalsQuery, usePropose } from "@/api/labeling";
import { classesFrom } from "@/api/ontology";
import { useMay } from "@/api/trust";
import { Button } from "@/design/Button";
import { useKeys } from "@/design/keys/use-keys";
import { More } from "@/design/More";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { say, sayError } from "@/design/toasts";
import { ClassChips } from "./ClassChips";
import "./labeling.css";
import { ProjectPeople } from "./ProjectPeople";
import { ProposalTable } from "./ProposalTable";
import { StandingTable } from "./StandingTable";
import { TaskTable } from "./TaskTable";

export function ProjectPage() {
  const { projectId } = useParams({ from: "/shell/label/$projectId" });
  const navigate = useNavigate();
  const project = useQuery(projectQuery(projectId));
  const all = useInfiniteQuery(proposalsQuery(projectId));
  const propose = usePropose(projectId);
  const numOpen = project.data?.num_open_proposals ?? 0;
  const review = () => void navigate({ to: "/label/$projectId/proposals", params: { projectId } });
  const ask = () =>
    propose.mutate(undefined, {
      onSuccess: () => say("ok", "The tracker is looking", "Proposals appear here as it finds objects."),
      onError: sayError,
    });
  const may = useMay();
  const mayManage = may("labeling.manage");
  const classes = classesFrom(project.data?.ontology?.classes ?? []);
  // Comparisons ask which of two clips is better; nothing is drawn there.
  const isAboutBoxes = classes.length > 0;
  useKeys("Project", [
    { keys: "Enter", label: "Decide proposals", isEnabled: numOpen > 0, run: review },
    { keys: "p", label: "Ask the tracker for proposals", isEnabled: mayManage && isAboutBoxes, run: ask },
  ]);
  const counts = [
    ...(isAboutBoxes ? [{ name: "proposals waiting for you", count: project.data?.num_open_proposals }] : []),
    { name: "tasks", count: project.data?.num_tasks },
    { name: "tasks complete", count: project.data?.num_completed },
  ];
  if (project.isError)
    return (
      <Page title="Project">
        <Problem error={project.error} />
      </Page>
    );
  return (
    <Page
      crumb={
        <Link className="crumb" to="/label">
          Label
        </Link>
      }
      title={project.data?.name ?? ""}
      actions={
        <>
          {mayManage && isAboutBoxes && (
            <Button icon={<Radar size={15} />} hotkey="P" disabled={propose.isPending} onClick={ask}>
              Find objects
            </Button>
          )}
          {isAboutBoxes && (
            <Button
              kind="primary"
              icon={<Play size={15} />}
              hotkey="↵"
              disabled={numOpen === 0}
              onClick={review}
            >
              Decide {numOpen}
            </Button>
          )}
        </>
      }
    >
      <div className="stack wide">
        <ClassChips classes={classes} />
        <div className="count-strip">
          {counts.map(({ name, count }) => (
            <div key={name}>
              <b>{count ?? "–"}</b>
              <span className="quiet">{name}</span>
            </div>
          ))}
        </div>
        {all.isError && <Problem error={all.error} />}
        {all.isPending && <Skeleton lines={4} height={34} />}
        {all.data !== undefined && isAboutBoxes && (
          <ProposalTable
            proposals={all.data}
            classes={classes}
            more={<More list={all}>More proposals</More>}
          />
        )}
        {project.data !== undefined && !isAboutBoxes && may("evaluation.read") && (
          <StandingTable projectId={projectId} />
        )}
        <TaskTable projectId={projectId} />
        {may("trust.manage") && <ProjectPeople projectId={projectId} />}
      </div>
    </Page>
  );
}
