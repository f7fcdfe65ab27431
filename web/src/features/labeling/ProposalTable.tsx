import { Link } from "@tanstack/react-router";
import type { Proposal, ProposalState } from "@/api/types";
import { Badge, type Tone } from "@/design/Badge";
import { classColour, shortId } from "@/design/words";

const tones: Readonly<Record<ProposalState, Tone>> = { open: "plain", accepted: "ok", adjusted: "info", rejected: "bad" };

/** Proposals gathered by the asset they are about. */
export function ProposalTable({ proposals, projectId }: { readonly proposals: readonly Proposal[]; readonly projectId: string }) {
  if (proposals.length === 0)
    return (
      <section className="panel padded">
        <h3>Proposals</h3>
        <p className="quiet">
          None yet. “Find objects” has the motion tracker look at every asset that is ready; nothing it finds is a label until
          you say so.
        </p>
      </section>
    );
  return (
    <section className="panel">
      <header>
        <h3>Proposals</h3>
      </header>
      <div className="table-scroll" style={{ maxHeight: 420 }}>
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
              <tr key={proposal.id}>
                <td>
                  <span className="chip">
                    <i style={{ background: classColour(proposal.value.class_name) }} />
                    {proposal.value.class_name}
                  </span>
                </td>
                <td>
                  <Link
                    className="link"
                    to="/label/$projectId/proposals"
                    params={{ projectId }}
                    search={{ asset: proposal.asset_id }}
                  >
                    {shortId(proposal.asset_id)}
                  </Link>
                </td>
                <td className="num">
                  {proposal.value.keyframes[0]?.frame}–{proposal.value.keyframes.at(-1)?.frame}
                </td>
                <td className="end">{Math.round(proposal.confidence * 100)} %</td>
                <td className="quiet">{proposal.tracker}</td>
                <td>
                  <Badge tone={tones[proposal.state]}>{proposal.state}</Badge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
