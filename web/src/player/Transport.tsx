import { Pause, Play, SkipBack, SkipForward, StepBack, StepForward } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "@/design/IconButton";
import { clockFromSeconds } from "@/design/words";
import type { Playback } from "./playback";
import { usePlaybackState } from "./use-playback";

type Props = { readonly playback: Playback | null; readonly children?: ReactNode };

/** Buttons under the picture, with the frame that is on screen. */
export function Transport({ playback, children }: Props) {
  const { frame, isPlaying, rate } = usePlaybackState(playback);
  const isOff = playback === null;
  return (
    <div className="transport">
      <IconButton
        label="First frame"
        hotkey="home"
        icon={<SkipBack size={16} />}
        disabled={isOff}
        onClick={() => playback?.seek(0)}
      />
      <IconButton
        label="One frame back"
        hotkey="←"
        icon={<StepBack size={16} />}
        disabled={isOff}
        onClick={() => playback?.step(-1)}
      />
      <IconButton
        label={isPlaying ? "Pause" : "Play"}
        hotkey="space"
        icon={isPlaying ? <Pause size={17} /> : <Play size={17} />}
        disabled={isOff}
        onClick={() => playback?.toggle()}
      />
      <IconButton
        label="One frame on"
        hotkey="→"
        icon={<StepForward size={16} />}
        disabled={isOff}
        onClick={() => playback?.step(1)}
      />
      <IconButton
        label="Last frame"
        hotkey="end"
        icon={<SkipForward size={16} />}
        disabled={isOff}
        onClick={() => playback?.seek(playback.times.last)}
      />
      <output className="readout mono" aria-label="Frame on screen">
        <b>{frame}</b>
        <span className="quiet">/ {playback?.times.last ?? 0}</span>
        <span>{clockFromSeconds(playback?.times.start(frame) ?? 0, 3)}</span>
        {rate !== 1 && isPlaying && <span className="rate">{rate}×</span>}
      </output>
      <div className="row grow" style={{ justifyContent: "flex-end" }}>
        {children}
      </div>
    </div>
  );
}
