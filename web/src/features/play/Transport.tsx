import { GitBranch, Pause, Play, Scissors, StepBack, StepForward } from "lucide-react";
import { Button } from "@/design/Button";
import { IconButton } from "@/design/IconButton";
import { branchHere, lookBy, step, toggle, useGame } from "./game";
import { shownFrameOf } from "./game-state";

type Props = { readonly isSaving: boolean; readonly numToSave: number; readonly onSave: () => void };

/** Time, in buttons. */
export function Transport({ isSaving, numToSave, onSave }: Props) {
  const isPlaying = useGame((game) => game.isPlaying);
  const isOpen = useGame((game) => game.line.kind === "open");
  const shown = useGame(shownFrameOf);
  return (
    <fieldset className="row plain transport" aria-label="Time" disabled={!isOpen}>
      <IconButton
        label="Look back a frame"
        hotkey="["
        icon={<StepBack size={16} />}
        disabled={shown === 0}
        onClick={() => lookBy(-1)}
      />
      <Button
        kind="primary"
        hotkey="space"
        icon={isPlaying ? <Pause size={15} /> : <Play size={15} />}
        onClick={toggle}
      >
        {isPlaying ? "Pause" : "Play"}
      </Button>
      <IconButton label="One frame on" hotkey="." icon={<StepForward size={16} />} onClick={step} />
      <Button hotkey="B" icon={<GitBranch size={15} />} onClick={branchHere}>
        Branch
      </Button>
      <Button
        hotkey="C"
        icon={<Scissors size={15} />}
        disabled={isSaving || numToSave === 0}
        title="The marked frames, or all of this branch"
        onClick={onSave}
      >
        Save {numToSave === 1 ? "1 frame" : `${numToSave} frames`}
      </Button>
    </fieldset>
  );
}
