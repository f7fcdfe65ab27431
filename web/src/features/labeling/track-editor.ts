import { create } from "zustand";
import { begin, edit, type History, redo, undo } from "@/annotate/commands";
import type { Box } from "@/annotate/shapes/box";
import { type BoxTrack, withKeyframe, withoutKeyframe } from "@/annotate/shapes/box-track";
import type { FrameIndex, Pts } from "@/units";

type Editor = {
  /** The proposal whose track this is. */
  readonly subjectId: string | null;
  readonly history: History<BoxTrack> | null;
  readonly isEditing: boolean;
  readonly load: (subjectId: string, track: BoxTrack) => void;
  readonly setEditing: (isEditing: boolean) => void;
  readonly setBox: (frame: FrameIndex, pts: Pts, box: Box) => void;
  readonly removeKeyframe: (frame: number) => void;
  readonly setClass: (name: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
};

/** The one track being looked at, with every change that can be taken back; a track that comes back has its changes. */
export const useTrackEditor = create<Editor>((set, get) => {
  const known = new Map<string, History<BoxTrack>>();
  const travel = (move: (history: History<BoxTrack>) => History<BoxTrack>) => {
    const { subjectId, history } = get();
    if (subjectId === null || history === null) return;
    const moved = move(history);
    known.set(subjectId, moved);
    set({ history: moved });
  };
  const apply = (change: (track: BoxTrack) => BoxTrack) =>
    travel((history) => edit(history, change(history.present)));
  return {
    subjectId: null,
    history: null,
    isEditing: false,
    load: (subjectId, track) =>
      set({ subjectId, history: known.get(subjectId) ?? begin(track), isEditing: false }),
    setEditing: (isEditing) => set({ isEditing }),
    setBox: (frame, pts, box) => apply((track) => withKeyframe(track, frame, pts, box)),
    removeKeyframe: (frame) => apply((track) => withoutKeyframe(track, frame)),
    setClass: (class_name) =>
      apply((track) => (track.class_name === class_name ? track : { ...track, class_name })),
    undo: () => travel(undo),
    redo: () => travel(redo),
  };
});
