import { useGame } from "./game";
import { lastFrameOf } from "./game-state";
import { isSteerable } from "./steering";

type Props = { readonly isAtStart: boolean; readonly ghostNote: string };

/** One line over the world: how to begin, where one stands in the past, or what the session is busy with. */
export function StageNote({ isAtStart, ghostNote }: Props) {
  const { lookingAt, note, opened } = useGame();
  const last = useGame(lastFrameOf);
  if (note !== "")
    return (
      <p className="world-note" role="status">
        {note}
      </p>
    );
  if (lookingAt !== null)
    return (
      <p className="world-note past" role="status">
        Frame <b className="num">{lookingAt}</b> of <span className="num">{last}</span>. To go on from here
        drops what came after; a branch keeps both.
      </p>
    );
  if (isAtStart && opened !== null)
    return (
      <p className="world-note start">
        {isSteerable(opened.actions) ? "Press an arrow to step in" : "Press space to let it run"}
      </p>
    );
  return ghostNote === "" ? null : <p className="world-note">{ghostNote} The imagination goes on alone.</p>;
}
