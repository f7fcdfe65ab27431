import { figure, plainWords } from "@/design/words";
import type { FactRow } from "./figures";

type Props = { readonly title: string; readonly about: string; readonly rows: readonly FactRow[] };

/** Figures with their interval and, where it is known, what even a perfect model would score. */
export function FactTable({ title, about, rows }: Props) {
  if (rows.length === 0) return null;
  return (
    <section className="panel">
      <header>
        <h2>{title}</h2>
        <span className="quiet">{about}</span>
      </header>
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>Figure</th>
              <th className="end">Value</th>
              <th className="end">95 % interval</th>
              <th className="end">Ceiling</th>
              <th className="end">n</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, estimate, ceiling }) => (
              <tr key={name}>
                <td>{plainWords(name)}</td>
                <td className="end">
                  <b>{figure(estimate.value)}</b>
                </td>
                <td className="end quiet">
                  {estimate.low !== null &&
                    estimate.high !== null &&
                    `${figure(estimate.low)} – ${figure(estimate.high)}`}
                </td>
                <td className="end quiet">{ceiling !== null && figure(ceiling)}</td>
                <td className="end quiet">{estimate.n}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
