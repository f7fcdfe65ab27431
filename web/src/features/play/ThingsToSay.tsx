import { useGame } from "./game";
import type { Opened } from "./protocol";
import { suggestionsFor } from "./suggestions";

type Props = { readonly opened: Opened; readonly onSay: (words: string) => void };

/** Under the line: what the network was taught to follow, or that it was taught to follow nothing. */
export function ThingsToSay({ opened, onSay }: Props) {
  const { shelf, tree } = useGame();
  if (!opened.hearsWords)
    return (
      <p className="speak-under quiet">
        In training nothing was said while such clips ran: it may not follow.
      </p>
    );
  const said = shelf.frames(tree.current).flatMap((frame) => frame.said ?? []);
  return (
    <ul className="speak-under" aria-label="Things to say">
      {suggestionsFor(opened.scene || opened.prompt, said).map((words) => (
        <li key={words}>
          <button type="button" className="suggestion" onClick={() => onSay(words)}>
            {words}
          </button>
        </li>
      ))}
    </ul>
  );
}
