import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type MouseEvent, useEffect, useRef, useState } from "react";
import { sessionQuery } from "@/api/play";
import { Badge } from "@/design/Badge";
import { Button } from "@/design/Button";
import { Page } from "@/design/Page";
import { Segmented } from "@/design/Segmented";
import { Away } from "./Away";
import { Branches } from "./Branches";
import { Clips } from "./Clips";
import { FactsFooter } from "./FactsFooter";
import { FilmStrip } from "./FilmStrip";
import { end, join, leave, useGame } from "./game";
import { spanToSave } from "./game-state";
import { Pad } from "./Pad";
import "./play.css";
import { waitingInWords } from "./play-words";
import { RateSelect } from "./RateSelect";
import { nameOf } from "./rooms";
import { SpeakLine } from "./SpeakLine";
import { Transport } from "./Transport";
import { useGameKeys } from "./use-game-keys";
import { useSavedClips } from "./use-saved-clips";
import { nextView, type View, views } from "./views";
import { WorldStage } from "./WorldStage";

/** A session on screen. */
export function SessionPage() {
  const { sessionId } = useParams({ from: "/shell/play/$sessionId" });
  const { line, opened } = useGame();
  const session = useQuery(sessionQuery(sessionId));
  const numToSave = useGame((game) => {
    const { start, end: stop } = spanToSave(game);
    return stop - start;
  });
  const [view, setView] = useState<View>("side");
  const speak = useRef<HTMLInputElement>(null);
  const { clips, save, isSaving } = useSavedClips(sessionId);
  useEffect(() => {
    join(sessionId);
    return leave;
  }, [sessionId]);
  useGameKeys({ speak, changeView: () => setView(nextView), save });
  // What was seen stays on screen while the line is dialled again and a worker takes the session up.
  const isThere = opened !== null && line.kind !== "closed" && line.kind !== "refused";
  return (
    <Page
      title={session.data === undefined ? "" : nameOf(session.data)}
      mark={
        isThere &&
        line.kind !== "open" && (
          <Badge tone="warn" live>
            {waitingInWords(line)?.title}
          </Badge>
        )
      }
      crumb={
        <Link className="crumb" to="/play">
          Play
        </Link>
      }
      actions={
        isThere && (
          <>
            {opened.hasGhost && <Segmented label="View" choices={views} value={view} onChange={setView} />}
            <RateSelect own={opened.fps} />
            <Button disabled={line.kind !== "open"} onClick={end}>
              End
            </Button>
          </>
        )
      }
    >
      {isThere ? (
        // biome-ignore lint/a11y/noStaticElementInteractions: it only keeps the pointer from taking the focus
        <div className="game" onMouseDown={keepFocus}>
          <WorldStage view={view} />
          <div className="controls">
            <Transport isSaving={isSaving} numToSave={numToSave} onSave={save} />
            <SpeakLine input={speak} />
            <Pad />
          </div>
          <FilmStrip />
          <div className="beneath">
            <Branches />
            <Clips clips={clips} />
          </div>
          <FactsFooter />
        </div>
      ) : (
        <Away sessionId={sessionId} line={line} />
      )}
    </Page>
  );
}

/** A click on a button leaves the focus where it was: else the next press of space would press it again. */
function keepFocus(event: MouseEvent): void {
  if (event.target instanceof Element && event.target.closest("button") !== null) event.preventDefault();
}
