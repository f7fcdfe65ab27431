import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { boxTrackFrom, firstFrame, lastFrame } from "@/annotate/shapes/box-track";
import { assetQuery } from "@/api/catalog";
import type { Proposal, ProposalState } from "@/api/types";
import { Badge, type Tone } from "@/design/Badge";
import { classColour } from "@/design/class-colour";
import { shortId } from "@/design/words";

const tones: Readonly<Record<ProposalState, Tone>> = {
  open: "plain",
  accepted: "ok",
  adjusted: "info",
  rejected: "bad",
};

type Props = { readonly proposal: Proposal; readonly classNames: readonly string[] };

export function ProposalRow({ proposal, classNames }: Props) {
  const track = boxTrackFrom(proposal.value);
  const { project_id: projectId, asset_id } = proposal;
  const asset = useQuery({ ...assetQuery(asset_id), staleTime: 60_000 });
  return (
    <tr>
      <td>
        {track !== null && (
          <span className="chip">
            <i style={{ background: classColour(track.class_name, classNames) }} />
            {track.class_name}
          </span>
        )}
      </td>
      <td className="name-cell">
        <Link
          className="link"
          to="/label/$projectId/proposals"
          params={{ projectId }}
          search={{ asset: asset_id }}
        >
          {asset.data?.name ?? shortId(asset_id)}
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
