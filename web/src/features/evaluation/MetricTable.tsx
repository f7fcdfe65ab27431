import { figure, plainWords } from "@/design/words";
import type { MetricRow } from "./metrics";

/** Every figure beside its floor, its ceiling and its interval; where the floor is not beaten, it says so. */
export function MetricTable({ rows }: { readonly rows: readonly MetricRow[] }) {
  if (rows.length === 0) return <p className="quiet">No figures yet.</p>;
  return (
    <div className="panel table-scroll">
      <table className="table">
        <thead>
          <tr>
            <th>Metric</th>
            <th className="end">Figure</th>
            <th className="end">95 % interval</th>
            <th className="end">Floor</th>
            <th className="end">Ceiling</th>
            <th className="end">n</th>
            <th>Note</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.group} ${row.name}`}>
              <td>
                {row.group !== "" && <span className="quiet">{row.group}: </span>}
                {plainWords(row.name)}
              </td>
              <td className="end">
                <b>{figure(row.value)}</b>
              </td>
              <td className="end quiet">
                {row.low === null || row.high === null ? "" : `${figure(row.low)} – ${figure(row.high)}`}
              </td>
              <td className="end quiet">{row.floor === null ? "" : figure(row.floor)}</td>
              <td className="end quiet">{row.ceiling === null ? "" : figure(row.ceiling)}</td>
              <td className="end quiet">{row.n ?? ""}</td>
              <td className="quiet">{row.note}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
