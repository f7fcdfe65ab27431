import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { GitFork, Square } from "lucide-react";
import { isUnfinished, jobQuery } from "@/api/jobs";
import { runQuery, useRunMetrics, useStopRun } from "@/api/training";
import { useMay } from "@/api/trust";
import { Button } from "@/design/Button";
import { useKeys } from "@/design/keys/use-keys";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { Progress } from "@/design/Progress";
import { StateBadge } from "@/design/StateBadge";
import { say, sayError } from "@/design/toasts";
import { figure, shortId } from "@/design/words";
import { CheckpointList } from "./CheckpointList";
import { LossChart } from "./LossChart";
import { plainFields, recipeName } from "./recipe-words";
import { SampleGrids } from "./SampleGrids";
import "./training.css";

export function RunPage() {
  const { runId } = useParams({ from: "/shell/runs/$runId" });
  const known = useQuery(runQuery(runId));
  const job = useQuery({ ...jobQuery(known.data?.job_id ?? ""), enabled: Boolean(known.data?.job_id) });
  const isLive = isUnfinished(job.data);
  const run = useQuery(runQuery(runId, isLive));
  const metrics = useRunMetrics(runId, isLive);
  const stop = useStopRun();
  const mayStop = useMay()("training.run") && isLive;
  const ask = () =>
    stop.mutate(runId, { onSuccess: () => say("ok", "The run will save and end"), onError: sayError });
  useKeys("Run", [{ keys: "x", label: "Save and stop", isEnabled: mayStop, run: ask }]);
  const latest = metrics.data?.at(-1);
  return (
    <Page
      crumb={
        <Link className="crumb" to="/runs">
          Runs
        </Link>
      }
      title={run.data ? run.data.name || shortId(runId) : ""}
      mark={job.data && <StateBadge state={job.data.state} />}
      about={
        run.data &&
        `${recipeName(run.data.recipe)}, seed ${run.data.seed}, code ${run.data.code_version.slice(0, 12)}`
      }
      actions={
        <>
          {mayStop && (
            <Button
              hotkey="X"
              icon={<Square size={13} />}
              disabled={run.data?.stop_requested_at != null}
              onClick={ask}
            >
              {run.data?.stop_requested_at ? "Stopping…" : "Save and stop"}
            </Button>
          )}
          <Link className="button" to="/lineage/$id" params={{ id: runId }}>
            <GitFork size={15} /> Lineage
          </Link>
        </>
      }
    >
      {run.isError && <Problem error={run.error} />}
      {job.data?.failure && (
        <Problem error={Object.assign(new Error(job.data.failure.detail), job.data.failure)} />
      )}
      {isLive && <Progress label="Training" fraction={job.data?.progress ?? null} />}
      <div className="run-grid">
        <div className="stack column">
          <section className="panel">
            <header>
              <h2>Loss</h2>
              <output className="row wide num quiet" aria-label="Newest step">
                <span>step {latest?.step.toLocaleString("en") ?? 0}</span>
                <span>loss {figure(latest?.values.loss)}</span>
                <span>
                  {latest?.values.elapsed_s === undefined ? "" : `${Math.round(latest.values.elapsed_s)} s`}
                </span>
              </output>
            </header>
            <LossChart metrics={metrics.data ?? []} />
          </section>
          <SampleGrids samples={run.data?.samples ?? []} isLive={isLive} />
        </div>
        <div className="stack column">
          <CheckpointList checkpoints={run.data?.checkpoints ?? []} />
          <section className="panel padded stack">
            <h2>Recipe</h2>
            <dl className="facts recipe">
              {plainFields(run.data?.recipe ?? {}).map(([name, value]) => (
                <div key={name} style={{ display: "contents" }}>
                  <dt>{name}</dt>
                  <dd className="mono">{value}</dd>
                </div>
              ))}
            </dl>
          </section>
        </div>
      </div>
    </Page>
  );
}
