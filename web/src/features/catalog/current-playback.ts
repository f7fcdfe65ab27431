import { create } from "zustand";
import type { Playback } from "@/player/playback";

/** The playback of the asset page, for the tabs beside it: they seek, and they follow the frame. */
export const useCurrentPlayback = create<{ readonly playback: Playback | null }>(() => ({ playback: null }));
