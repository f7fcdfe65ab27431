import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Eye } from "lucide-react";
import { viewersQuery } from "@/api/trust";
import type { Viewer } from "@/api/types";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { Problem } from "@/design/Problem";
import { placeOf } from "@/design/places-of-ids";
import { Skeleton } from "@/design/Skeleton";
import { When } from "@/design/When";
import { framesInWords, plainWords, shortId } from "@/design/words";

type Props = { readonly assetId: string; readonly onSeek: (frame: number) => void };

/** Each view, stream, download and export of this asset: who, which frames, when, by which login or key. */
export function SeenTab({ assetId, onSeek }: Props) {
  const viewers = useInfiniteQuery(viewersQuery(assetId));
  if (viewers.isError) return <Problem error={viewers.error} />;
  if (viewers.data === undefined) return <Skeleton lines={5} height={38} />;
  if (viewers.data.length === 0)
    return (
      <EmptyState icon={<Eye size={32} strokeWidth={1.3} />} title="Nobody yet">
        Views, streams, downloads and exports of this asset are listed here as they happen.
      </EmptyState>
    );
  return (
    <div className="stack">
      <ul className="seen-list">
        {viewers.data.map((viewer) => (
          <li
            key={`${viewer.actor_id} ${viewer.at} ${viewer.name} ${viewer.start_frame} ${viewer.taken_for?.id}`}
          >
            <b className="clip-text">{viewer.actor_name ?? shortId(viewer.actor_id)}</b>
            <When at={viewer.at} />
            <span className="quiet num">
              {plainWords(viewer.name.replace(/^asset\./, ""))}{" "}
              {viewer.start_frame !== null && viewer.end_frame !== null && (
                <button
                  type="button"
                  className="short-id seen-frames"
                  title="Go there"
                  onClick={() => onSeek(viewer.start_frame ?? 0)}
                >
                  {viewer.end_frame - viewer.start_frame === 1 ? "frame" : "frames"}{" "}
                  {framesInWords(viewer.start_frame, viewer.end_frame)}
                </button>
              )}
              {viewer.taken_for !== null && <Purpose purpose={viewer.taken_for} />}
            </span>
            <span className="quiet">by {viewer.via.split(":")[0]}</span>
          </li>
        ))}
      </ul>
      {viewers.hasNextPage && <Button onClick={() => void viewers.fetchNextPage()}>Older</Button>}
    </div>
  );
}

/** What an export was for, led to where it is shown; a thing without a page of its own is shown in its lineage. */
function Purpose({ purpose }: { readonly purpose: NonNullable<Viewer["taken_for"]> }) {
  const { id, noun, title } = purpose;
  return (
    <>
      for the {!title.startsWith(noun) && `${noun} `}
      <Link className="link underlined" to={placeOf(id) ?? `/lineage/${id}`}>
        {title || shortId(id)}
      </Link>
    </>
  );
}
