import { Link } from "@tanstack/react-router";
import { boxTrackFrom, firstFrame, lastFrame } from "@/annotate/shapes/box-track";
import type { Proposal, ProposalState } from "@/api/types";
import { Badge, type Tone } from "@/design/Badge";
import { classColour, shortId } from "@/design/words";

const tones: Readonly<Record<ProposalState, Tone>> = {
  open: "plain",
  accepted: "ok",
  adjusted: "info",
  rejected: "bad",
};

export function ProposalRow({ proposal }: { readonly proposal: Proposal }) {
  const track = boxTrackFrom(proposal.value);
  const { project_id: projectId, asset_id } = proposal;
  return (
    <tr>
      <td>
        {track !== null && (
          <span className="chip">
            <i style={{ background: classColour(track.class_name) }} />
            {track.class_name}
          </span>
        )}
      </td>
      <td>
        <Link
          className="link mono"
          to="/label/$projectId/proposals"
          params={{ projectId }}
          search={{ asset: asset_id }}
        >
          {shortId(asset_id)}
        </Link>
      </td>
      <td className="num">{track !== null && `${firstFrame(track)}–${lastFrame(track)}`}</td>
      <td className="end">{Math.round(proposal.confidence * 100)} %</td>
      <td className="quiet">{proposal.tracker}</td>
      <td>
        <Badge tone={tones[proposal.state]}>{proposal.state}</Badge>
      </td>
    </tr>
  );
}
