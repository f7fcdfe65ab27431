import { X } from "lucide-react";
import { Button } from "@/design/Button";
import { ClipRow } from "./ClipRow";
import { markEnd, markStart, unmark, useGame } from "./game";
import { numFramesOf, spanToSave } from "./game-state";
import { spanInWords } from "./play-words";
import type { SavedClip } from "./use-saved-clips";

/** What is marked to be saved, and what was. */
export function Clips({ clips }: { readonly clips: readonly SavedClip[] }) {
  const isMarked = useGame((game) => game.mark !== null);
  const hasFrames = useGame((game) => numFramesOf(game) > 0);
  const span = useGame((game) => spanInWords(spanToSave(game)));
  return (
    <section className="panel clips" aria-labelledby="clips-title">
      <header>
        <h2 id="clips-title" className="small">
          Clips
        </h2>
        <div className="row">
          <Button small kind="ghost" hotkey="I" disabled={!hasFrames} onClick={markStart}>
            From here
          </Button>
          <Button small kind="ghost" hotkey="O" disabled={!hasFrames} onClick={markEnd}>
            To here
          </Button>
          {isMarked && (
            <Button small kind="ghost" hotkey="X" title="Unmark" icon={<X size={12} />} onClick={unmark}>
              {span}
            </Button>
          )}
        </div>
      </header>
      {clips.length === 0 ? (
        <p className="quiet">
          A clip is imagined again, frame for frame as you saw it, then signed: it names the checkpoint, the
          seed and every key you pressed.
        </p>
      ) : (
        <ul>
          {clips.map((clip) => (
            <ClipRow key={clip.generationId} clip={clip} />
          ))}
        </ul>
      )}
    </section>
  );
}
