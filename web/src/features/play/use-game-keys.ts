import { type RefObject, useEffect } from "react";
import { isForPage } from "@/design/keys/for-page";
import { useKeys } from "@/design/keys/use-keys";
import * as game from "./game";
import { lastFrameOf } from "./game-state";
import { actionOfKey } from "./steering";

type Others = {
  readonly speak: RefObject<HTMLInputElement | null>;
  readonly changeView: () => void;
  readonly save: () => void;
};

/** Every key of a game. Steering is apart: it needs to know when a key goes up. */
export function useGameKeys({ speak, changeView, save }: Others): void {
  useSteeringKeys();
  useKeys("Play", [
    { keys: "Space", label: "Play or pause", run: game.toggle },
    { keys: ".", label: "One frame on", repeats: true, run: game.step },
    { keys: "[", label: "Look back a frame", repeats: true, run: () => game.lookBy(-1) },
    { keys: "Backspace", label: "Look back a frame", repeats: true, run: () => game.lookBy(-1) },
    { keys: "]", label: "Look forward a frame", repeats: true, run: () => game.lookBy(1) },
    { keys: "Home", label: "Look at the first frame", run: () => game.look(0) },
    { keys: "End", label: "Return to the end", run: toTheEnd },
    { keys: "Escape", label: "Return to the end", run: toTheEnd },
    { keys: "b", label: "Branch from here", run: game.branchHere },
    { keys: "t", label: "Say something", run: () => speak.current?.focus() },
    { keys: "v", label: "Change the view", run: changeView },
    { keys: "i", label: "Mark the first frame to save", run: game.markStart },
    { keys: "o", label: "Mark the last frame to save", run: game.markEnd },
    { keys: "x", label: "Unmark", run: game.unmark },
    { keys: "c", label: "Save a clip", run: save },
    { keys: "r", label: "Begin again", run: () => game.restart() },
    { keys: "Shift+b", label: "Switch to the next branch", run: game.switchToNext },
  ]);
}

const toTheEnd = () => game.look(lastFrameOf(game.useGame.getState()));

function useSteeringKeys(): void {
  useEffect(() => {
    const ended = new AbortController();
    const { signal } = ended;
    const actionOf = (event: KeyboardEvent) =>
      actionOfKey(event.key, game.useGame.getState().opened?.actions ?? []);
    window.addEventListener(
      "keydown",
      (event) => {
        if (!isForPage(event)) return;
        const action = actionOf(event);
        if (action === null) return;
        event.preventDefault();
        if (!event.repeat) game.press(action);
      },
      { signal },
    );
    window.addEventListener(
      "keyup",
      (event) => {
        const action = actionOf(event);
        if (action !== null) game.release(action);
      },
      { signal },
    );
    // A key that goes up elsewhere is not heard; and nobody looks at a page that is hidden.
    window.addEventListener("blur", game.letGo, { signal });
    document.addEventListener(
      "visibilitychange",
      () => {
        game.letGo();
        if (document.hidden && game.useGame.getState().isPlaying) game.pause();
      },
      { signal },
    );
    return () => ended.abort();
  }, []);
}
