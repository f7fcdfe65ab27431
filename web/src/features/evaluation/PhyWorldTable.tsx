import { TableScroll } from "@/design/TableScroll";
import { figure } from "@/design/words";
import type { Card } from "./card";

type Props = Pick<Card, "phyworld" | "differences">;

/** Velocity errors beside PhyWorld's published ones, and all that differs between the two. */
export function PhyWorldTable({ phyworld, differences }: Props) {
  if (phyworld.length === 0) return null;
  return (
    <section className="panel">
      <header>
        <h2>Beside PhyWorld</h2>
        <span className="quiet">velocity error in world units a second; lower is better</span>
      </header>
      <TableScroll label="Table of PhyWorld">
        <table className="table">
          <thead>
            <tr>
              <th>Setup</th>
              <th className="end">Ours, in distribution</th>
              <th className="end">Ours, outside</th>
              <th className="end">Our parser</th>
              <th className="end">Theirs, in distribution</th>
              <th className="end">Theirs, outside</th>
              <th className="end">Their parser</th>
            </tr>
          </thead>
          <tbody>
            {phyworld.map((row) => (
              <tr key={row.setup}>
                <td>{row.setup}</td>
                <td className="end">
                  <b>{figure(row.inside?.value)}</b>
                </td>
                <td className="end">
                  <b>{figure(row.outside?.value)}</b>
                </td>
                <td className="end quiet">{figure(row.parser?.value)}</td>
                <td className="end quiet">{figure(row.theirs.in_distribution)}</td>
                <td className="end quiet">{figure(row.theirs.out_of_distribution)}</td>
                <td className="end quiet">{figure(row.theirs.parser)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      <ul className="padded stack quiet">
        {differences.map((difference) => (
          <li key={difference}>{difference}</li>
        ))}
      </ul>
    </section>
  );
}
