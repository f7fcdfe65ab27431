import { TableScroll } from "@/design/TableScroll";
import { figure, plainWords } from "@/design/words";
import type { MetricTable } from "./figures";

type Props = { readonly metric: MetricTable; readonly horizons: readonly number[] };

/** One metric on footage: the model beside its floors, further and further ahead. */
export function HorizonTable({ metric, horizons }: Props) {
  return (
    <section className="panel">
      <header>
        <h2>
          {metric.name.toUpperCase()} on footage <span className="quiet">{metric.unit}</span>
        </h2>
        <span className="quiet">{metric.isHigherBetter ? "higher is better" : "lower is better"}</span>
      </header>
      <TableScroll label={`${metric.name} on footage`}>
        <table className="table">
          <thead>
            <tr>
              <th>Method</th>
              {horizons.map((horizon) => (
                <th key={horizon} className="end">
                  +{horizon} {horizon === 1 ? "frame" : "frames"}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {metric.rows.map((row) => (
              <tr key={row.name}>
                <td>{row.name === "model" ? <b>model</b> : plainWords(row.name)}</td>
                {row.at.map((estimate, index) => (
                  <td key={horizons[index]} className="end">
                    {figure(estimate?.value)}
                    {estimate != null && estimate.low !== null && estimate.high !== null && (
                      <div className="quiet interval">
                        {figure(estimate.low)} – {figure(estimate.high)}
                      </div>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}
