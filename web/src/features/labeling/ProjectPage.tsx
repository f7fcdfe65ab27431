import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Play, Radar } from "lucide-react";
import { projectQuery, proposalsQuery, usePropose } from "@/api/labeling";
import { classesFrom } from "@/api/ontology";
import { Button } from "@/design/Button";
import { useKeys } from "@/design/keys/use-keys";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { say, sayError } from "@/design/toasts";
import { ClassChips } from "./ClassChips";
import "./labeling.css";
import { ProposalTable } from "./ProposalTable";
import { TaskTable } from "./TaskTable";

export function ProjectPage() {
  const { projectId } = useParams({ from: "/shell/label/$projectId" });
  const navigate = useNavigate();
  const project = useQuery(projectQuery(projectId));
  const open = useInfiniteQuery(proposalsQuery(projectId, { state: "open" }));
  const all = useInfiniteQuery(proposalsQuery(projectId));
  const propose = usePropose(projectId);
  const numOpen = open.data?.length ?? 0;
  const review = () => void navigate({ to: "/label/$projectId/proposals", params: { projectId } });
  const ask = () =>
    propose.mutate(undefined, {
      onSuccess: () => say("ok", "The tracker is looking", "Proposals appear here as it finds objects."),
      onError: sayError,
    });
  useKeys("Project", [
    { keys: "Enter", label: "Decide proposals", isEnabled: numOpen > 0, run: review },
    { keys: "p", label: "Ask the tracker for proposals", run: ask },
  ]);
  const counts = {
    open: numOpen,
    accepted: all.data?.filter((proposal) => proposal.state === "accepted").length ?? 0,
    adjusted: all.data?.filter((proposal) => proposal.state === "adjusted").length ?? 0,
    rejected: all.data?.filter((proposal) => proposal.state === "rejected").length ?? 0,
  };
  const more = open.hasNextPage || all.hasNextPage ? "+" : "";
  return (
    <Page
      crumb={
        <Link className="crumb" to="/label">
          Label
        </Link>
      }
      title={project.data?.name ?? "…"}
      actions={
        <>
          <Button icon={<Radar size={15} />} hotkey="P" disabled={propose.isPending} onClick={ask}>
            Find objects
          </Button>
          <Button
            kind="primary"
            icon={<Play size={15} />}
            hotkey="↵"
            disabled={numOpen === 0}
            onClick={review}
          >
            Decide {numOpen}
            {open.hasNextPage ? "+" : ""}
          </Button>
        </>
      }
    >
      {project.isError && <Problem error={project.error} />}
      <div className="stack wide">
        <ClassChips classes={classesFrom(project.data?.ontology?.classes ?? [])} />
        <div className="count-strip">
          {Object.entries(counts).map(([name, count]) => (
            <div key={name}>
              <b>
                {count}
                {more}
              </b>
              <span className="quiet">{name === "open" ? "waiting for you" : name}</span>
            </div>
          ))}
        </div>
        <ProposalTable proposals={all.data ?? []} />
        <TaskTable projectId={projectId} />
      </div>
    </Page>
  );
}
