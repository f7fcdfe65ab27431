import { Copy } from "lucide-react";
import { say, sayError } from "@/design/toasts";
import { currentBranch } from "./branch-tree";
import { useGame } from "./game";
import { measuredRate, shownFrameOf } from "./game-state";
import { driftInWords, parametersInWords } from "./play-words";

/** What imagines, how, and how well: nothing is rounded in its favour. */
export function FactsFooter() {
  const game = useGame();
  const { opened, tree, shelf } = game;
  if (opened === null) return null;
  const { checkpoint } = opened;
  const shown = shownFrameOf(game);
  const frame = shelf.at(tree.current, shown);
  const rate = measuredRate(game.arrivals);
  const copy = () =>
    void navigator.clipboard
      ?.writeText(checkpoint.digest)
      .then(() => say("ok", "Digest copied", checkpoint.digest), sayError);
  return (
    <footer className="facts-line">
      <span>{checkpoint.name}</span>
      <button type="button" className="short-id mono" title={`Copy ${checkpoint.digest}`} onClick={copy}>
        {checkpoint.digest.slice(0, 12)} <Copy size={11} />
      </button>
      <Fact name="parameters" value={parametersInWords(checkpoint.parameters)} />
      <Fact name={opened.steps === 1 ? "step a frame" : "steps a frame"} value={String(opened.steps)} />
      <Fact name="frames/s, measured" value={rate === null ? "–" : rate.toFixed(1)} />
      <Fact name="ms this frame" value={frame?.isImagined && frame.ms > 0 ? String(frame.ms) : "–"} />
      <Fact name="drift" value={driftInWords(frame?.drift ?? null, frame?.ghost != null)} />
      <Fact name="seed" value={String(currentBranch(tree)?.seed ?? "–")} />
      <Fact name="frame" value={String(shown)} />
    </footer>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <span className="fact">
      <b className="num">{value}</b> {name}
    </span>
  );
}
