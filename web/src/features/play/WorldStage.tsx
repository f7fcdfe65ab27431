import { useEffect, useState } from "react";
import { useSize } from "@/design/use-size";
import type { KeptFrame } from "./frame-shelf";
import { useGame } from "./game";
import { lastFrameOf, shownFrameOf } from "./game-state";
import { arrange } from "./pictures";
import { beyondInWords } from "./play-words";
import { StageNote } from "./StageNote";
import { panelsOf, type View } from "./views";
import { WorldPicture } from "./WorldPicture";

const MARGINS = { gap: 28, caption: 30 };
/** Frames for which words stay on screen. */
const SAID_FRAMES = 20;

/** The dark place where the world is: as large as whole pixels allow, its ghost beside it. */
export function WorldStage({ view }: { readonly view: View }) {
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const space = useSize(stage);
  const density = useDensity();
  const game = useGame();
  const { opened, shelf, tree } = game;
  const at = shownFrameOf(game);
  const frame = shelf.near(tree.current, at);
  if (opened === null) return null;
  const hasGhost = frame === null ? opened.hasGhost : frame.ghost !== null;
  const panels = panelsOf(view, hasGhost);
  const beyond = beyondInWords(at, opened.window);
  const { direction, scale } = arrange(space, opened, panels.length, MARGINS, density);
  const words = wordsAt(shelf.frames(tree.current), at);
  return (
    <section ref={setStage} className="world" aria-label="The world" data-frame={at} data-view={view}>
      <div className="world-panels" style={{ flexDirection: direction, gap: MARGINS.gap }}>
        {panels.map((panel) => (
          <figure key={panel.blend}>
            <WorldPicture
              label={panel.label}
              blend={panel.blend}
              frame={frame}
              size={opened}
              scale={space.width === 0 ? 1 : scale}
            />
            <figcaption>
              <b>{panel.label}</b>
              {panel.blend === "imagined" && beyond !== null ? (
                <span className="beyond">{beyond}</span>
              ) : (
                <span>{panel.about}</span>
              )}
            </figcaption>
          </figure>
        ))}
      </div>
      {words !== null && (
        <p key={words.frame} className="world-said">
          “{words.said}”
        </p>
      )}
      <StageNote
        isAtStart={lastFrameOf(game) === 0 && !game.isPlaying}
        ghostNote={hasGhost || frame === null ? "" : frame.ghostNote}
      />
    </section>
  );
}

function wordsAt(frames: readonly KeptFrame[], at: number): { said: string; frame: number } | null {
  const found = frames.findLast(
    ({ frame, said }) => said !== null && frame <= at && at - frame < SAID_FRAMES,
  );
  return found?.said == null ? null : { said: found.said, frame: found.frame };
}

/** Screen pixels a CSS pixel, followed as a window moves between screens. */
function useDensity(): number {
  const [density, setDensity] = useState(window.devicePixelRatio || 1);
  useEffect(() => {
    const asked = window.matchMedia(`(resolution: ${density}dppx)`);
    const follow = () => setDensity(window.devicePixelRatio || 1);
    asked.addEventListener("change", follow);
    return () => asked.removeEventListener("change", follow);
  }, [density]);
  return density;
}
