import { useEffect } from "react";
import type { Playback } from "./playback";
import { type SeenSpan, SeenSpans } from "./seen-spans";

const NOTE_EVERY_MS = 5000;

/** Notes which frames were on screen, every few seconds and when the player or the page closes. */
export function useSeenFrames(playback: Playback | null, note: (span: SeenSpan) => Promise<void>): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new closure of `note` says the same thing to the same place
  useEffect(() => {
    if (playback === null) return;
    const seen = new SeenSpans();
    const look = () => {
      if (playback.snapshot().isReady) seen.see(playback.snapshot().frame);
    };
    const flush = () => {
      for (const span of seen.take())
        note(span).catch((error: unknown) => {
          seen.giveBack(span);
          console.warn("A view could not be noted yet.", error);
        });
    };
    look();
    const stop = playback.subscribe(look);
    const timer = setInterval(flush, NOTE_EVERY_MS);
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("pagehide", flush);
      stop();
      clearInterval(timer);
      flush();
    };
  }, [playback]);
}
