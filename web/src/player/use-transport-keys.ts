import { useKeys } from "@/design/keys/use-keys";
import type { Playback } from "./playback";

/** The keys of an editing desk: arrows step, J K L shuttle. */
export function useTransportKeys(playback: Playback | null): void {
  const isEnabled = playback !== null;
  useKeys("Player", [
    { keys: "Space", label: "Play or pause", isEnabled, run: () => playback?.toggle() },
    { keys: "ArrowLeft", label: "One frame back", isEnabled, repeats: true, run: () => playback?.step(-1) },
    { keys: "ArrowRight", label: "One frame on", isEnabled, repeats: true, run: () => playback?.step(1) },
    {
      keys: "Shift+ArrowLeft",
      label: "Ten frames back",
      isEnabled,
      repeats: true,
      run: () => playback?.step(-10),
    },
    {
      keys: "Shift+ArrowRight",
      label: "Ten frames on",
      isEnabled,
      repeats: true,
      run: () => playback?.step(10),
    },
    { keys: "Home", label: "First frame", isEnabled, run: () => playback?.seek(0) },
    { keys: "End", label: "Last frame", isEnabled, run: () => playback?.seek(playback.times.last) },
    { keys: "j", label: "Play backwards, faster each time", isEnabled, run: () => playback?.shuttle(-1) },
    { keys: "k", label: "Stop", isEnabled, run: () => playback?.pause() },
    { keys: "l", label: "Play, faster each time", isEnabled, run: () => playback?.shuttle(1) },
  ]);
}
