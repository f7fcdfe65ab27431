import { useState } from "react";
import { useSaveClip } from "@/api/play";
import { sayError } from "@/design/toasts";
import { pause, useGame } from "./game";
import { type Span, spanToSave } from "./game-state";

export type SavedClip = { readonly generationId: string; readonly branch: string; readonly span: Span };

/** Saving what is marked, and what was saved since the page was opened, newest first. */
export function useSavedClips(sessionId: string) {
  const [clips, setClips] = useState<readonly SavedClip[]>([]);
  const saving = useSaveClip(sessionId);
  const save = () => {
    const game = useGame.getState();
    const span = spanToSave(game);
    if (saving.isPending || span.end <= span.start) return;
    if (game.isPlaying) pause();
    const branch = game.tree.current;
    saving.mutate(
      { branch, start_frame: span.start, end_frame: span.end },
      {
        onSuccess: ({ id }) => setClips((old) => [{ generationId: id, branch, span }, ...old]),
        onError: sayError,
      },
    );
  };
  return { clips, save, isSaving: saving.isPending };
}
