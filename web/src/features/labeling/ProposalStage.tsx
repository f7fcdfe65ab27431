import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { BoxOverlay } from "@/annotate/BoxOverlay";
import { type BoxTrack, boxAt, firstFrame, lastFrame, neighbourKeyframe } from "@/annotate/shapes/box-track";
import {
  assetQuery,
  frameUrl,
  indexQuery,
  mediaQuery,
  noteViewsOf,
  playableUrl,
  renewedUrl,
} from "@/api/catalog";
import type { Proposal } from "@/api/types";
import { classColour } from "@/design/class-colour";
import { useKeys } from "@/design/keys/use-keys";
import { clockFromSeconds } from "@/design/words";
import { FrameTimes } from "@/player/frame-times";
import { Stage } from "@/player/Stage";
import { Transport } from "@/player/Transport";
import { usePlayback, usePlaybackState } from "@/player/use-playback";
import { useSeenFrames } from "@/player/use-seen-frames";
import { useTransportKeys } from "@/player/use-transport-keys";
import type { Lane } from "@/timeline/lanes";
import { Timeline } from "@/timeline/Timeline";
import { frameIndex, pts } from "@/units";
import { useTrackEditor } from "./track-editor";

type Props = {
  readonly proposal: Proposal;
  readonly offered: BoxTrack;
  readonly classNames: readonly string[];
};

/** The footage of a proposal, going round its span with the box drawn on it. */
export function ProposalStage({ proposal, offered, classNames }: Props) {
  const asset = useQuery(assetQuery(proposal.asset_id));
  const index = useQuery(indexQuery(proposal.asset_id));
  const media = useQuery(mediaQuery(proposal.asset_id));
  const times = useMemo(
    () => (index.data ? new FrameTimes(index.data.pts, index.data.time_base) : null),
    [index.data],
  );
  const url = media.data ? playableUrl(media.data) : null;
  const first = frameIndex(firstFrame(offered));
  const last = frameIndex(lastFrame(offered));
  const { playback, setSurface } = usePlayback(times, url, () => renewedUrl(proposal.asset_id), first);
  const { frame, isReady } = usePlaybackState(playback);
  const { history, isEditing, setBox, removeKeyframe, setEditing } = useTrackEditor();
  const track = history?.present ?? offered;
  const colour = classColour(track.class_name, classNames);
  useTransportKeys(playback);
  useSeenFrames(playback, noteViewsOf(proposal.asset_id));

  useEffect(() => {
    if (playback === null || !isReady) return;
    playback.setLoop({ first, last });
    playback.seek(first);
    playback.play();
  }, [playback, isReady, first, last]);

  const goTo = (to: number | null) => {
    if (to === null) return;
    playback?.pause();
    playback?.seek(to);
  };
  useKeys("Adjusting", [
    { keys: ",", label: "Previous keyframe", run: () => goTo(neighbourKeyframe(track, frame, -1)) },
    { keys: ".", label: "Next keyframe", run: () => goTo(neighbourKeyframe(track, frame, 1)) },
    { keys: "Delete", label: "Remove this keyframe", isEnabled: isEditing, run: () => removeKeyframe(frame) },
    { keys: "Escape", label: "Stop adjusting", isEnabled: isEditing, run: () => setEditing(false) },
  ]);

  const lanes = useMemo(
    (): Lane[] => [
      {
        name: "Proposal",
        spans: [
          {
            id: proposal.id,
            start: firstFrame(track),
            end: lastFrame(track) + 1,
            label: track.class_name,
            colour,
            isTentative: true,
            keyframes: track.keyframes.map((keyframe) => keyframe.frame),
          },
        ],
      },
    ],
    [track, colour, proposal.id],
  );
  const media_size = { width: asset.data?.display_width ?? 1, height: asset.data?.display_height ?? 1 };

  return (
    <div className="asset-view">
      <div className="stage-space">
        {url !== null && times !== null && (
          <Stage
            posterUrl={media.data?.poster_url}
            playback={playback}
            onSurface={setSurface}
            frameUrl={(at) => frameUrl(proposal.asset_id, at)}
            isMuted
            label={asset.data?.name ?? "Footage"}
          >
            {asset.data !== undefined && (
              <BoxOverlay
                media={media_size}
                box={boxAt(track, frame)}
                colour={colour}
                label={track.class_name}
                isEditing={isEditing}
                isTentative
                onGrasp={() => playback?.pause()}
                onChange={(box) => setBox(frame, pts(index.data?.pts[frame] ?? 0), box)}
              />
            )}
          </Stage>
        )}
      </div>
      <Transport playback={playback}>
        <span className="quiet clip-text">{asset.data?.name}</span>
      </Transport>
      {times !== null && (
        <Timeline
          numFrames={times.numFrames}
          frame={frame}
          lanes={lanes}
          framesPerSecond={asset.data?.fps ?? 30}
          timeOf={(at) => clockFromSeconds(times.start(at), times.duration < 10 ? 1 : 0)}
          onSeek={(to) => goTo(to)}
        />
      )}
    </div>
  );
}
