import type { ReactNode } from "react";
import type { OntologyClass } from "@/api/ontology";
import type { Proposal } from "@/api/types";
import { TableScroll } from "@/design/TableScroll";
import { ProposalRow } from "./ProposalRow";

type Props = {
  readonly proposals: readonly Proposal[];
  readonly classes: readonly OntologyClass[];
  /** Under the rows: what brings more of them. */
  readonly more: ReactNode;
};

export function ProposalTable({ proposals, classes, more }: Props) {
  const names = classes.map((known) => known.name);
  if (proposals.length === 0)
    return (
      <section className="panel padded stack">
        <h2>Proposals</h2>
        <p className="quiet">
          None yet. “Find objects” has the motion tracker look at every asset that is ready; nothing it finds
          is a label until you say so.
        </p>
      </section>
    );
  return (
    <section className="panel">
      <header>
        <h2>Proposals</h2>
      </header>
      <TableScroll label="Proposals" tall>
        <table className="table">
          <thead>
            <tr>
              <th>Class</th>
              <th>Footage</th>
              <th>Frames</th>
              <th className="end">Confidence</th>
              <th>By</th>
              <th>State</th>
            </tr>
          </thead>
          <tbody>
            {proposals.map((proposal) => (
              <ProposalRow key={proposal.id} proposal={proposal} classNames={names} />
            ))}
          </tbody>
        </table>
        {more}
      </TableScroll>
    </section>
  );
}
