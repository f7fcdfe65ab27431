import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp } from "lucide-react";
import { press, release, useGame } from "./game";
import { shownFrameOf } from "./game-state";
import { actionOf, actionOfDirection, type Direction, isSteerable } from "./steering";

const directions = [
  { direction: "up", icon: ArrowUp },
  { direction: "left", icon: ArrowLeft },
  { direction: "down", icon: ArrowDown },
  { direction: "right", icon: ArrowRight },
] as const satisfies readonly { direction: Direction; icon: typeof ArrowUp }[];

/** Four ways to go, for fingers and for the pointer; it also shows the way that led to the frame on screen. */
export function Pad() {
  const actions = useGame((game) => game.opened?.actions) ?? [];
  const taken = useGame((game) => {
    if (game.lookingAt === null) return actionOf(game.held);
    return game.shelf.at(game.tree.current, shownFrameOf(game))?.action ?? 0;
  });
  if (!isSteerable(actions)) return null;
  return (
    <fieldset className="pad" aria-label="Steer">
      {directions.map(({ direction, icon: Icon }) => {
        const action = actionOfDirection(direction, actions);
        if (action === null) return null;
        return (
          <button
            key={direction}
            type="button"
            aria-label={direction}
            data-direction={direction}
            data-taken={taken === action}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              press(action);
            }}
            onPointerUp={() => release(action)}
            onPointerCancel={() => release(action)}
            onLostPointerCapture={() => release(action)}
            onKeyDown={(event) => (event.key === "Enter" || event.key === " ") && press(action)}
            onKeyUp={() => release(action)}
            onBlur={() => release(action)}
            onContextMenu={(event) => event.preventDefault()}
          >
            <Icon size={17} />
          </button>
        );
      })}
    </fieldset>
  );
}
