import { create } from "zustand";
import type { BoxTrackValue } from "@/api/types";
import { begin, edit, type History, redo, undo } from "@/annotate/commands";
import type { Box } from "@/annotate/shapes/box";
import { withKeyframe, withoutKeyframe } from "@/annotate/shapes/box-track";
import type { FrameIndex, Pts } from "@/units";

type Editor = {
  readonly history: History<BoxTrackValue> | null;
  readonly isEditing: boolean;
  readonly load: (track: BoxTrackValue) => void;
  readonly setEditing: (isEditing: boolean) => void;
  readonly setBox: (frame: FrameIndex, pts: Pts, box: Box) => void;
  readonly removeKeyframe: (frame: number) => void;
  readonly setClass: (name: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
};

/** The one track being looked at, with every change that can be taken back. */
export const useTrackEditor = create<Editor>((set, get) => {
  const apply = (change: (track: BoxTrackValue) => BoxTrackValue) => {
    const { history } = get();
    if (history !== null) set({ history: edit(history, change(history.present)) });
  };
  const travel = (move: typeof undo<BoxTrackValue>) => {
    const { history } = get();
    if (history !== null) set({ history: move(history) });
  };
  return {
    history: null,
    isEditing: false,
    load: (track) => set({ history: begin(track), isEditing: false }),
    setEditing: (isEditing) => set({ isEditing }),
    setBox: (frame, pts, box) => apply((track) => withKeyframe(track, frame, pts, box)),
    removeKeyframe: (frame) => apply((track) => withoutKeyframe(track, frame)),
    setClass: (class_name) => apply((track) => (track.class_name === class_name ? track : { ...track, class_name })),
    undo: () => travel(undo),
    redo: () => travel(redo),
  };
});
