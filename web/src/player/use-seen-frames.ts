import { useEffect } from "react";
import type { Playback } from "./playback";
import { SeenNotes } from "./seen-notes";
import type { SeenSpan } from "./seen-spans";

/** Notes which frames were on screen, every few seconds and when the player or the page closes. */
export function useSeenFrames(playback: Playback | null, note: (span: SeenSpan) => Promise<void>): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new closure of `note` says the same thing to the same place
  useEffect(() => {
    if (playback === null) return;
    const notes = new SeenNotes(note);
    const look = () => {
      if (playback.snapshot().isReady) notes.see(playback.snapshot().frame);
    };
    look();
    const stop = playback.subscribe(look);
    addEventListener("pagehide", notes.flush);
    return () => {
      removeEventListener("pagehide", notes.flush);
      stop();
      void notes.flush();
    };
  }, [playback]);
}
