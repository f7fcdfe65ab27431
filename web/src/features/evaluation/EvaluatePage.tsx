import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Scale } from "lucide-react";
import { comparisonsQuery, evaluationsQuery } from "@/api/evaluation";
import { useMay } from "@/api/trust";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { useKeys } from "@/design/keys/use-keys";
import { More } from "@/design/More";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { When } from "@/design/When";
import { countInWords, figure, shortId } from "@/design/words";
import "./evaluation.css";
import { TableScroll } from "@/design/TableScroll";
import { evaluationTitle } from "./evaluation-words";
import { headline } from "./figures";
import { NewEvaluation } from "./NewEvaluation";

export function EvaluatePage() {
  const evaluations = useInfiniteQuery(evaluationsQuery);
  const open = useInfiniteQuery(comparisonsQuery("open"));
  const navigate = useNavigate();
  const numOpen = open.data?.length ?? 0;
  const judge = () => void navigate({ to: "/comparisons" });
  const may = useMay();
  useKeys("Evaluate", [{ keys: "Enter", label: "Judge comparisons", isEnabled: numOpen > 0, run: judge }]);
  return (
    <Page
      title="Evaluate"
      about="How good the models are: measured, with floors and ceilings beside each figure, and judged by people."
      actions={may("evaluation.run") && <NewEvaluation />}
    >
      <div className="stack wide">
        <section className="panel padded row judge-call">
          <Scale size={22} strokeWidth={1.4} />
          <div className="grow">
            <h2>
              {numOpen === 0
                ? "No comparisons wait for you"
                : `${open.hasNextPage ? "More than " : ""}${countInWords(numOpen, "comparison")} to judge`}
            </h2>
            <p className="quiet">
              Two clips of one prompt, in a random order, without the model’s name.{" "}
              {numOpen === 0 && (
                <>
                  Choose clips under Generations and compare them; <code>muybridge demo</code> pairs its own.
                </>
              )}
            </p>
          </div>
          <Button
            kind={numOpen > 0 ? "primary" : "plain"}
            hotkey="↵"
            disabled={numOpen === 0}
            onClick={judge}
          >
            Judge
          </Button>
        </section>
        {evaluations.isError && <Problem error={evaluations.error} />}
        {evaluations.data?.length === 0 && (
          <EmptyState icon={<Scale size={42} strokeWidth={1.2} />} title="Nothing evaluated yet">
            An evaluation scores a checkpoint on clips that it has not seen, beside the floor of copying the
            last frame.
          </EmptyState>
        )}
        {evaluations.data !== undefined && evaluations.data.length > 0 && (
          <TableScroll label="Evaluations" className="panel">
            <table className="table">
              <thead>
                <tr>
                  <th>Evaluation</th>
                  <th>Checkpoint</th>
                  <th>Figures</th>
                  <th>When</th>
                </tr>
              </thead>
              <tbody>
                {evaluations.data.map((evaluation) => (
                  <tr key={evaluation.id}>
                    <td>
                      <Link
                        className="link"
                        to="/evaluations/$evaluationId"
                        params={{ evaluationId: evaluation.id }}
                      >
                        {evaluationTitle(evaluation.kind)}
                      </Link>
                    </td>
                    <td className="mono quiet whole">
                      {evaluation.checkpoint_id === null ? "–" : shortId(evaluation.checkpoint_id)}
                    </td>
                    <td className="quiet num">{headline(evaluation.metrics, figure)}</td>
                    <td>
                      <When at={evaluation.created_at} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        )}
        <More list={evaluations}>Older evaluations</More>
      </div>
    </Page>
  );
}
