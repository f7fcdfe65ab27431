import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ExternalLink, GitFork } from "lucide-react";
import { evaluationQuery } from "@/api/evaluation";
import { isUnfinished, jobQuery } from "@/api/jobs";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { Progress } from "@/design/Progress";
import { StateBadge } from "@/design/StateBadge";
import { shortId } from "@/design/words";
import "./evaluation.css";
import { CardCellTable } from "./CardCellTable";
import { cardFrom } from "./card";
import { evaluationTitle } from "./evaluation-words";
import { FactTable } from "./FactTable";
import { figuresFrom } from "./figures";
import { HorizonTable } from "./HorizonTable";
import { PhyWorldTable } from "./PhyWorldTable";
import { Pictures } from "./Pictures";

export function EvaluationPage() {
  const { evaluationId } = useParams({ from: "/shell/evaluations/$evaluationId" });
  const evaluation = useQuery(evaluationQuery(evaluationId));
  const row = evaluation.data;
  const job = useQuery({ ...jobQuery(row?.job_id ?? ""), enabled: Boolean(row?.job_id) });
  const figures = figuresFrom(row?.metrics ?? null);
  const card = cardFrom(row?.metrics ?? null);
  const said = [...card.failures, ...figures.words];
  return (
    <Page
      crumb={
        <Link className="crumb" to="/evaluate">
          Evaluate
        </Link>
      }
      title={row ? evaluationTitle(row.kind) : ""}
      mark={job.data && <StateBadge state={job.data.state} progress={job.data.progress} />}
      about={row?.checkpoint_id != null && `checkpoint ${shortId(row.checkpoint_id)}`}
      actions={
        <>
          {row?.report_url && (
            <a className="button primary" href={row.report_url} target="_blank" rel="noreferrer">
              <ExternalLink size={15} /> Report
            </a>
          )}
          <Link className="button" to="/lineage/$id" params={{ id: evaluationId }}>
            <GitFork size={15} /> Lineage
          </Link>
        </>
      }
    >
      {evaluation.isError && <Problem error={evaluation.error} />}
      {job.data?.failure && (
        <Problem error={Object.assign(new Error(job.data.failure.detail), job.data.failure)} />
      )}
      {isUnfinished(job.data) && <Progress label="Evaluating" fraction={job.data?.progress ?? null} />}
      <div className="stack wide">
        {said.length > 0 && (
          <ul className="panel padded stack said">
            {said.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
        {card.cells.map((cell) => (
          <CardCellTable key={cell.name} cell={cell} />
        ))}
        <PhyWorldTable phyworld={card.phyworld} differences={card.differences} />
        {card.leftOut.length > 0 && (
          <ul className="panel padded stack quiet">
            {card.leftOut.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
        <FactTable
          title="On simulated clips"
          about="judged against exact truth; share of clips that are right"
          rows={figures.facts}
        />
        <FactTable
          title="Going on from simulated clips"
          about="error of positions, beside copying the last frame and the judge's own error"
          rows={figures.continuation}
        />
        {figures.metrics.map((metric) => (
          <HorizonTable key={metric.name} metric={metric} horizons={figures.horizons} />
        ))}
        <Pictures pictures={row?.pictures ?? {}} areKept={figures.hasPictures} />
      </div>
    </Page>
  );
}
