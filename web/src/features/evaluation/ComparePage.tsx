import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, CircleCheckBig } from "lucide-react";
import { useEffect, useState } from "react";
import { comparisonQuery, comparisonsQuery, judgeComparison } from "@/api/evaluation";
import { refresh } from "@/api/query-client";
import { useMay } from "@/api/trust";
import type { Verdict } from "@/api/types";
import { EmptyState } from "@/design/EmptyState";
import { useKeys } from "@/design/keys/use-keys";
import { Problem } from "@/design/Problem";
import { sayError } from "@/design/toasts";
import { useTitle } from "@/design/use-title";
import { ComparisonStage } from "./ComparisonStage";
import "./evaluation.css";
import { VerdictBar } from "./VerdictBar";

/** Blind pairwise judging: which of two clips fits the prompt better. */
export function ComparePage() {
  const open = useInfiniteQuery({ ...comparisonsQuery("open"), refetchOnWindowFocus: false });
  const [judged, setJudged] = useState<ReadonlySet<string>>(new Set());
  const waiting = open.data?.filter((comparison) => !judged.has(comparison.id)) ?? [];
  const current = waiting[0];
  const shown = useQuery({ ...comparisonQuery(current?.id ?? ""), enabled: current !== undefined });
  const comparison = shown.data;
  useEffect(() => () => refresh("evaluation"), []);

  const mayEvaluate = useMay()("evaluation.read");
  useTitle("Which is better?");
  const judge = (verdict: Verdict) => {
    if (comparison === undefined) return;
    const { id } = comparison;
    setJudged((old) => new Set([...old, id]));
    judgeComparison(id, verdict).catch((error: unknown) => {
      setJudged((old) => new Set([...old].filter((other) => other !== id)));
      sayError(error);
    });
  };
  const isEnabled = comparison !== undefined;
  useKeys("Comparison", [
    { keys: "1", label: "The left clip is better", isEnabled, run: () => judge("left") },
    { keys: "2", label: "The right clip is better", isEnabled, run: () => judge("right") },
    { keys: "0", label: "They are equal", isEnabled, run: () => judge("tie") },
    { keys: "x", label: "Both are bad", isEnabled, run: () => judge("both_bad") },
  ]);

  return (
    <div className="compare-page">
      <header className="top">
        <Link to={mayEvaluate ? "/evaluate" : "/label"} className="button ghost icon small" aria-label="Back">
          <ArrowLeft size={16} />
        </Link>
        <h1 className="grow">Which is better?</h1>
        <span className="quiet num">
          {judged.size} judged · {waiting.length}
          {open.hasNextPage && "+"} left
        </span>
      </header>
      {open.isError && <Problem error={open.error} />}
      {current === undefined && !open.isPending && (
        <EmptyState icon={<CircleCheckBig size={42} strokeWidth={1.2} />} title="Nothing left to judge">
          Your verdicts enter the report with those of the others, with intervals.
        </EmptyState>
      )}
      {shown.isError && <Problem error={shown.error} />}
      {comparison !== undefined && (
        <>
          <blockquote className="compare-prompt">
            <span className="quiet">{comparison.question}</span>
            {comparison.prompt}
          </blockquote>
          <ComparisonStage key={comparison.id} comparison={comparison} />
          <VerdictBar onJudge={judge} />
        </>
      )}
    </div>
  );
}
