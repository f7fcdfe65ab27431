import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { standingsQuery } from "@/api/evaluation";
import { Problem } from "@/design/Problem";
import { placeOf } from "@/design/places-of-ids";
import { Skeleton } from "@/design/Skeleton";
import { TableScroll } from "@/design/TableScroll";
import { countInWords, shortId } from "@/design/words";

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** What judges have said of the clips that a project compares: who would win, and how sure that is. */
export function StandingTable({ projectId }: { readonly projectId: string }) {
  const told = useQuery(standingsQuery(projectId));
  if (told.isError) return <Problem error={told.error} />;
  if (told.data === undefined) return <Skeleton lines={3} height={34} />;
  if (told.data.num_comparisons === 0) return null;
  const { num_comparisons, num_verdicts, num_raters, sources, ties, both_bad, standings } = told.data;
  return (
    <section className="panel">
      <header>
        <h2>Standings</h2>
        <span className="quiet">
          {countInWords(num_verdicts, "verdict")} of {countInWords(num_raters, "judge")}
          {sources.length > 0 && ` (${sources.join(", ")})`} on {countInWords(num_comparisons, "pair")};{" "}
          {countInWords(ties, "tie")}, both bad {both_bad}×
        </span>
      </header>
      {standings.length > 0 && (
        <TableScroll label="Standings">
          <table className="table">
            <thead>
              <tr>
                <th>Variant</th>
                <th className="end">Chance to win</th>
                <th className="end">95 % interval</th>
                <th className="end">Votes</th>
              </tr>
            </thead>
            <tbody>
              {standings.map(({ variant, share, low, high, num_votes }) => {
                const place = variant.startsWith("gen_") ? placeOf(variant) : null;
                return (
                  <tr key={variant}>
                    <td>
                      {place === null ? (
                        variant
                      ) : (
                        <Link className="link" to={place}>
                          {shortId(variant)}
                        </Link>
                      )}
                    </td>
                    <td className="end">
                      <b>{percent(share)}</b>
                    </td>
                    <td className="end quiet">
                      {percent(low)} – {percent(high)}
                    </td>
                    <td className="end quiet">{num_votes}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </TableScroll>
      )}
    </section>
  );
}
