import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft, CircleCheckBig } from "lucide-react";
import { useEffect, useMemo } from "react";
import { boxTrackFrom } from "@/annotate/shapes/box-track";
import { projectQuery } from "@/api/labeling";
import { classesFrom } from "@/api/ontology";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { useKeys } from "@/design/keys/use-keys";
import { Problem } from "@/design/Problem";
import { useTitle } from "@/design/use-title";
import { ProposalSide } from "./ProposalSide";
import { ProposalStage } from "./ProposalStage";
import "./labeling.css";
import { tally, verdictOn } from "./proposal-queue";
import { useTrackEditor } from "./track-editor";
import { useProposalQueue } from "./use-proposal-queue";

/** One proposal after another: look, then accept, adjust or reject by key. */
export function ProposalsPage() {
  const { projectId } = useParams({ from: "/shell/label/$projectId/proposals" });
  const { asset } = useSearch({ from: "/shell/label/$projectId/proposals" });
  const project = useQuery(projectQuery(projectId));
  const { queue, error, isLoading, isMore, decide, takeBack, skip } = useProposalQueue(projectId, asset);
  const proposal = queue.waiting[0];
  const editor = useTrackEditor();
  const classes = classesFrom(project.data?.ontology?.classes ?? []);
  const offered = useMemo(() => (proposal === undefined ? null : boxTrackFrom(proposal.value)), [proposal]);
  const track =
    proposal !== undefined && editor.subjectId === proposal.id ? editor.history?.present : undefined;
  const canDecide = proposal !== undefined && track !== undefined;
  const isChanged = canDecide && (editor.history?.past.length ?? 0) > 0;

  useTitle(`Proposals · ${project.data?.name ?? ""}`);
  const { load } = editor;
  useEffect(() => {
    if (proposal !== undefined && offered !== null) load(proposal.id, offered);
  }, [proposal, offered, load]);

  const accept = () => {
    if (proposal !== undefined && track !== undefined) decide(verdictOn(proposal, track));
  };
  const undo = () => (isChanged ? editor.undo() : takeBack());
  useKeys("Proposals", [
    { keys: "a", label: "Accept, with your changes", isEnabled: canDecide, run: accept },
    { keys: "r", label: "Reject", isEnabled: canDecide, run: () => decide({ decision: "reject" }) },
    {
      keys: "e",
      label: "Adjust the box",
      isEnabled: canDecide,
      run: () => editor.setEditing(!editor.isEditing),
    },
    { keys: "s", label: "Skip for now", isEnabled: canDecide, run: skip },
    {
      keys: "u",
      label: "Undo a change, or the last decision",
      run: undo,
    },
    { keys: "Shift+u", label: "Redo a change", run: editor.redo },
    ...classes.slice(0, 9).map((known, index) => ({
      keys: String(index + 1),
      label: `Class: ${known.name}`,
      isEnabled: canDecide,
      run: () => editor.setClass(known.name),
    })),
  ]);

  return (
    <div className="proposals-page">
      <header className="top">
        <Link
          to="/label/$projectId"
          params={{ projectId }}
          className="button ghost icon small"
          aria-label="Back to the project"
        >
          <ArrowLeft size={16} />
        </Link>
        <h1 className="grow clip-text">Proposals · {project.data?.name ?? "…"}</h1>
        <output className="tally num" aria-label="Decided in this visit">
          <span className="ok-text">{tally(queue, "accept")} accepted</span>
          <span>{tally(queue, "adjust")} adjusted</span>
          <span className="bad-text">{tally(queue, "reject")} rejected</span>
          <span className="quiet">
            {queue.waiting.length}
            {isMore && "+"} left
          </span>
        </output>
      </header>
      {error !== null && <Problem error={error} />}
      {proposal === undefined && !isLoading && (
        <EmptyState
          icon={<CircleCheckBig size={42} strokeWidth={1.2} />}
          title={queue.decided.length === 0 ? "No proposals are waiting" : "All decided"}
          action={
            queue.decided.length > 0 && (
              <Button hotkey="U" onClick={takeBack}>
                Take the last decision back
              </Button>
            )
          }
        >
          {queue.decided.length === 0
            ? "Ask the tracker to look at footage from the project's page; what it finds comes here for you to decide."
            : "What you accepted is ready to be frozen into a dataset version."}
        </EmptyState>
      )}
      {proposal !== undefined && offered === null && (
        <Problem error={new Error(`${proposal.id} offers a shape that this page does not draw.`)} />
      )}
      {proposal !== undefined && offered !== null && (
        <div className="proposals-body">
          <ProposalStage
            key={proposal.asset_id}
            proposal={proposal}
            offered={offered}
            classNames={classes.map((known) => known.name)}
          />
          <ProposalSide
            proposal={proposal}
            offered={offered}
            classes={classes}
            canTakeBack={queue.decided.length > 0 || isChanged}
            onAccept={accept}
            onReject={() => decide({ decision: "reject" })}
            onSkip={skip}
            onUndo={undo}
          />
        </div>
      )}
    </div>
  );
}
