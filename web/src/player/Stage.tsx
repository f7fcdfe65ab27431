import { type ReactNode, useEffect, useRef } from "react";
import type { Playback } from "./playback";
import "./player.css";
import { type Surface, usePlaybackState } from "./use-playback";

type Props = {
  readonly posterUrl?: string | null | undefined;
  readonly playback: Playback | null;
  readonly onSurface: (surface: Surface | null) => void;
  /** Where the server's own picture of a frame lies, for what the browser cannot play. */
  readonly frameUrl?: (frame: number) => string;
  readonly isMuted?: boolean;
  readonly label: string;
  /** Drawn over the picture: boxes and handles. */
  readonly children?: ReactNode;
};

/** The dark place where footage is shown, as large as the space allows; its playback brings the footage. */
export function Stage({ posterUrl, playback, onSurface, frameUrl, isMuted, label, children }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { frame, isRefused, isReady } = usePlaybackState(playback);
  useEffect(() => {
    if (video.current !== null && canvas.current !== null)
      onSurface({ video: video.current, canvas: canvas.current });
    return () => onSurface(null);
  }, [onSurface]);
  return (
    <div className="stage" data-ready={isReady} data-frame={frame}>
      <video
        ref={video}
        // A poster is of any frame, and would stay until play begins: gone as soon as there is a frame to name.
        poster={isReady ? undefined : (posterUrl ?? undefined)}
        aria-label={label}
        muted={isMuted}
        preload="auto"
        playsInline
      />
      <canvas ref={canvas} hidden />
      {isRefused && frameUrl !== undefined && <img src={frameUrl(frame)} alt={`Frame ${frame}`} />}
      {children}
    </div>
  );
}
