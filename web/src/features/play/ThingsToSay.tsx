import { currentBranch } from "./branch-tree";
import { useGame } from "./game";
import type { Opened } from "./protocol";
import { suggestionsFor } from "./suggestions";

type Props = { readonly opened: Opened; readonly onSay: (words: string) => void };

/** Under the line: what the network was taught to follow, or that it was taught to follow nothing. */
export function ThingsToSay({ opened, onSay }: Props) {
  const branch = useGame((game) => currentBranch(game.tree));
  if (!opened.hearsWords)
    return (
      <p className="speak-under quiet">
        In training nothing was said while such clips ran: it may not follow.
      </p>
    );
  const said = branch?.said.map(({ words }) => words);
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
