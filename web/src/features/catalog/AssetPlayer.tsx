import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { frameUrl, indexQuery, mediaQuery, noteViewsOf, playableUrl, renewedUrl } from "@/api/catalog";
import type { Asset } from "@/api/types";
import { Problem } from "@/design/Problem";
import { clockFromSeconds } from "@/design/words";
import { FrameTimes } from "@/player/frame-times";
import { Stage } from "@/player/Stage";
import { Transport } from "@/player/Transport";
import { usePlayback, usePlaybackState } from "@/player/use-playback";
import { useSeenFrames } from "@/player/use-seen-frames";
import { useTransportKeys } from "@/player/use-transport-keys";
import { Timeline } from "@/timeline/Timeline";
import { frameIndex } from "@/units";
import { useCurrentPlayback } from "./current-playback";
import { useAssetLanes } from "./use-asset-lanes";

type Props = { readonly asset: Asset; readonly start: number };

export function AssetPlayer({ asset, start }: Props) {
  const index = useQuery({ ...indexQuery(asset.id), enabled: asset.is_ready });
  const media = useQuery({ ...mediaQuery(asset.id), enabled: asset.is_ready });
  const times = useMemo(
    () => (index.data ? new FrameTimes(index.data.pts, index.data.time_base) : null),
    [index.data],
  );
  const url = media.data ? playableUrl(media.data) : null;
  const { playback, setSurface } = usePlayback(times, url, () => renewedUrl(asset.id), frameIndex(start));
  const { frame } = usePlaybackState(playback);
  useTransportKeys(playback);
  useSeenFrames(playback, noteViewsOf(asset.id));
  useEffect(() => {
    useCurrentPlayback.setState({ playback });
    return () => useCurrentPlayback.setState({ playback: null });
  }, [playback]);

  const lanes = useAssetLanes(asset);

  if (asset.failure !== null)
    return (
      <div className="page" style={{ paddingTop: 24 }}>
        <Problem error={Object.assign(new Error(asset.failure.detail), { remedy: asset.failure.remedy })} />
      </div>
    );
  return (
    <>
      <div className="stage-space">
        {url !== null && times !== null ? (
          <Stage
            posterUrl={media.data?.poster_url}
            playback={playback}
            onSurface={setSurface}
            frameUrl={(at) => frameUrl(asset.id, at)}
            label={asset.name}
          />
        ) : (
          <div className="not-ready">
            {media.isError ? <Problem error={media.error} /> : waitingFor(asset)}
          </div>
        )}
      </div>
      <Transport playback={playback} />
      {times === null ? (
        <div className="timeline" />
      ) : (
        <Timeline
          numFrames={times.numFrames}
          frame={frame}
          lanes={lanes}
          framesPerSecond={asset.fps ?? 30}
          timeOf={(at) =>
            clockFromSeconds(times.start(at), asset.duration_s !== null && asset.duration_s < 10 ? 1 : 0)
          }
          onSeek={(to) => playback?.seek(to)}
        />
      )}
    </>
  );
}

function waitingFor(asset: Asset): string {
  return asset.is_ready
    ? ""
    : "Being read: the picture, the exact time of each frame and the shots. This page fills itself.";
}
