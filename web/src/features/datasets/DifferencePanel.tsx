import { useQuery } from "@tanstack/react-query";
import { differenceQuery } from "@/api/datasets";
import type { ClipChange } from "@/api/types";
import { Badge, type Tone } from "@/design/Badge";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { TableScroll } from "@/design/TableScroll";

type Props = { readonly versionId: string; readonly otherId: string };

/** What came, what went and what changed since another version, clip by clip. */
export function DifferencePanel({ versionId, otherId }: Props) {
  const difference = useQuery(differenceQuery(versionId, otherId));
  if (difference.isError) return <Problem error={difference.error} />;
  if (difference.data === undefined) return <Skeleton lines={4} />;
  const { added, removed, changed, num_added, num_removed, num_changed, num_same } = difference.data;
  const { num_annotations_before: before, num_annotations_after: after } = difference.data;
  const rows = (tone: Tone, sign: string, clips: readonly ClipChange[]) =>
    clips.map((clip) => (
      <tr key={`${sign} ${clip.asset_id} ${clip.start_frame}`}>
        <td>
          <Badge tone={tone}>{sign}</Badge>
        </td>
        <td>{clip.asset_name}</td>
        <td className="num">
          {clip.start_frame}–{clip.end_frame - 1}
        </td>
        <td className="end">
          {clip.num_annotations_before} → {clip.num_annotations_after}
        </td>
        <td className="quiet">{clip.fields.join(", ")}</td>
      </tr>
    ));
  return (
    <>
      <p className="num">
        {num_added} added, {num_removed} removed, {num_changed} changed, {num_same} the same. Annotations{" "}
        {before} → {after}.
      </p>
      <TableScroll label="Changed clips" tall>
        <table className="table">
          <tbody>
            {rows("ok", "added", added)}
            {rows("bad", "removed", removed)}
            {rows("info", "changed", changed)}
          </tbody>
        </table>
      </TableScroll>
    </>
  );
}
