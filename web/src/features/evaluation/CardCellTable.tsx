import { TableScroll } from "@/design/TableScroll";
import { figure, plainWords } from "@/design/words";
import { type CardCell, floorsOf } from "./card";

const places: Readonly<Record<string, string>> = {
  out_of_distribution: "outside of what training could show",
  held_out: "held out from training",
  in_distribution: "as in training, unseen clips",
};

/** One kind of clips: every figure with its interval, the judge's own ceiling, and what knows nothing. */
export function CardCellTable({ cell }: { readonly cell: CardCell }) {
  const floors = floorsOf(cell.rows);
  if (cell.rows.length === 0) return null;
  return (
    <section className="panel">
      <header>
        <h2>{cell.name}</h2>
        <span className="quiet">{places[cell.where] ?? plainWords(cell.where)}</span>
      </header>
      <TableScroll label={cell.name}>
        <table className="table">
          <thead>
            <tr>
              <th>Figure</th>
              <th className="end">Value</th>
              <th className="end">95 % interval</th>
              <th className="end">n</th>
              <th className="end">Ceiling</th>
              {floors.map((name) => (
                <th key={name} className="end">
                  {plainWords(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cell.rows.map((row) => (
              <tr key={row.name}>
                <td>{row.name}</td>
                <td className="end">
                  <b>{figure(row.value?.value)}</b>
                </td>
                <td className="end quiet">
                  {row.value !== null && `${figure(row.value.low)} – ${figure(row.value.high)}`}
                </td>
                <td className="end quiet">{row.value?.n ?? 0}</td>
                <td className="end quiet">{row.ceiling !== null && figure(row.ceiling.value)}</td>
                {floors.map((name) => (
                  <td key={name} className="end quiet">
                    {row.floors[name] !== undefined && figure(row.floors[name].value)}
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
