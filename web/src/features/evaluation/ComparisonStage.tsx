import { useEffect, useRef, useState } from "react";
import type { Comparison } from "@/api/types";
import { useKeys } from "@/design/keys/use-keys";

/** Two clips on one clock: they start together, loop together and stop together. */
export function ComparisonStage({ comparison }: { readonly comparison: Comparison }) {
  const left = useRef<HTMLVideoElement>(null);
  const right = useRef<HTMLVideoElement>(null);
  const [numReady, setNumReady] = useState(0);

  const both = (act: (video: HTMLVideoElement) => void) => {
    for (const video of [left.current, right.current]) if (video !== null) act(video);
  };
  const restart = () =>
    both((video) => {
      video.currentTime = 0;
      void video.play().catch(() => undefined);
    });
  useKeys("Comparison", [
    {
      keys: "Space",
      label: "Play or pause both",
      run: () => {
        const isPaused = left.current?.paused ?? true;
        both((video) => (isPaused ? void video.play().catch(() => undefined) : video.pause()));
      },
    },
    { keys: "Home", label: "Play both from the start", run: restart },
  ]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: begins once, when both clips can play
  useEffect(() => {
    if (numReady === 2) restart();
  }, [numReady]);

  // The shorter one waits at its end until the longer has ended too.
  const onEnded = () => {
    if (left.current?.ended && right.current?.ended) restart();
  };
  const clip = (side: "left" | "right", url: string) => (
    <figure>
      <video
        ref={side === "left" ? left : right}
        src={url}
        muted
        playsInline
        preload="auto"
        aria-label={side === "left" ? "Left clip" : "Right clip"}
        onCanPlayThrough={() => setNumReady((count) => Math.min(2, count + 1))}
        onEnded={onEnded}
      />
      <figcaption>{side === "left" ? "Left" : "Right"}</figcaption>
    </figure>
  );
  return (
    <div className="compare-stage">
      {clip("left", comparison.left_url)}
      {clip("right", comparison.right_url)}
    </div>
  );
}
