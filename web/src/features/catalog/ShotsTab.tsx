import { useQuery } from "@tanstack/react-query";
import { shotsQuery } from "@/api/catalog";
import type { Asset, Shot } from "@/api/types";
import { useKeys } from "@/design/keys/use-keys";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { countInWords, framesInWords } from "@/design/words";
import { usePlaybackState } from "@/player/use-playback";
import { useCurrentPlayback } from "./current-playback";

type Props = { readonly asset: Asset; readonly onSeek: (frame: number) => void };

export function ShotsTab({ asset, onSeek }: Props) {
  const shots = useQuery({ ...shotsQuery(asset.id), enabled: asset.is_ready });
  const { frame } = usePlaybackState(useCurrentPlayback((state) => state.playback));
  const current = shots.data?.find((shot) => frame >= shot.start_frame && frame < shot.end_frame);
  useKeys("Shots", [
    {
      keys: "ArrowUp",
      label: "Previous shot",
      repeats: true,
      run: () => goBy(shots.data, current, -1, onSeek),
    },
    { keys: "ArrowDown", label: "Next shot", repeats: true, run: () => goBy(shots.data, current, 1, onSeek) },
  ]);
  if (shots.isError) return <Problem error={shots.error} />;
  if (shots.data === undefined) return <Skeleton lines={5} height={34} />;
  return (
    <div className="stack">
      <p className="quiet">
        {countInWords(shots.data.length, "shot")}
        {shots.data[0] !== undefined && `, found by ${shots.data[0].detector}`}
      </p>
      <ol className="shot-list">
        {shots.data.map((shot) => (
          <li key={shot.id} aria-current={shot === current}>
            <button type="button" onClick={() => onSeek(shot.start_frame)}>
              <b className="num">{shot.number}</b>
              <span className="num">{framesInWords(shot.start_frame, shot.end_frame)}</span>
              <span className="quiet num">{countInWords(shot.end_frame - shot.start_frame, "frame")}</span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function goBy(
  shots: readonly Shot[] | undefined,
  current: Shot | undefined,
  by: number,
  onSeek: (frame: number) => void,
) {
  const at = shots?.findIndex((shot) => shot.id === current?.id) ?? -1;
  const next = shots?.[at + by];
  if (next !== undefined) onSeek(next.start_frame);
}
