import { Link } from "@tanstack/react-router";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { Problem } from "@/design/Problem";
import type { ChannelState } from "./channel";
import { Gait } from "./Gait";
import { join } from "./game";
import { endingInWords, waitingInWords } from "./play-words";

type Props = { readonly sessionId: string; readonly line: ChannelState };

/** In place of the world while it is not there yet, or no more. */
export function Away({ sessionId, line }: Props) {
  const again = (
    <div className="row">
      <Link className="button primary" to="/play">
        Choose another world
      </Link>
      {line.kind === "closed" && (
        <Link className="button" to="/generations">
          Generations
        </Link>
      )}
      {(line.kind === "closed" ? line.reason === "taken" : line.kind === "refused") && (
        <Button onClick={() => join(sessionId)}>Come in again</Button>
      )}
    </div>
  );
  if (line.kind === "refused")
    return (
      <div className="stack away-problem">
        <Problem error={line.error} />
        {again}
      </div>
    );
  const words = line.kind === "closed" ? endingInWords(line.reason) : waitingInWords(line);
  if (words === null) return null;
  return (
    <div className="away" role="status">
      <EmptyState
        icon={<Gait isMoving={line.kind !== "closed"} />}
        title={words.title}
        action={line.kind === "closed" && again}
      >
        {words.about}
      </EmptyState>
    </div>
  );
}
