import { TableScroll } from "@/design/TableScroll";
import { figure, plainWords } from "@/design/words";
import type { FactRow } from "./figures";

type Props = { readonly title: string; readonly about: string; readonly rows: readonly FactRow[] };

/** Figures with their interval and, where it is known, what even a perfect model would score. */
export function FactTable({ title, about, rows }: Props) {
  if (rows.length === 0) return null;
  const has = {
    interval: rows.some(({ estimate }) => estimate.low !== null),
    ceiling: rows.some(({ ceiling }) => ceiling !== null),
    n: rows.some(({ estimate }) => estimate.n !== null),
  };
  return (
    <section className="panel">
      <header>
        <h2>{title}</h2>
        <span className="quiet">{about}</span>
      </header>
      <TableScroll label={title}>
        <table className="table">
          <thead>
            <tr>
              <th>Figure</th>
              <th className="end">Value</th>
              {has.interval && <th className="end">95 % interval</th>}
              {has.ceiling && <th className="end">Ceiling</th>}
              {has.n && <th className="end">n</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, estimate, ceiling }) => (
              <tr key={name}>
                <td>{plainWords(name)}</td>
                <td className="end">
                  <b>{figure(estimate.value)}</b>
                </td>
                {has.interval && (
                  <td className="end quiet">
                    {estimate.low !== null &&
                      estimate.high !== null &&
                      `${figure(estimate.low)} – ${figure(estimate.high)}`}
                  </td>
                )}
                {has.ceiling && <td className="end quiet">{ceiling !== null && figure(ceiling)}</td>}
                {has.n && <td className="end quiet">{estimate.n}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}
