import { type BoxTrack, firstFrame, lastFrame } from "@/annotate/shapes/box-track";
import type { OntologyClass } from "@/api/ontology";
import type { Proposal } from "@/api/types";
import { Button } from "@/design/Button";
import { classColour } from "@/design/class-colour";
import { Kbd } from "@/design/Kbd";
import { countInWords } from "@/design/words";
import { useTrackEditor } from "./track-editor";

type Props = {
  readonly proposal: Proposal;
  readonly offered: BoxTrack;
  readonly classes: readonly OntologyClass[];
  readonly canTakeBack: boolean;
  readonly onAccept: () => void;
  readonly onReject: () => void;
  readonly onSkip: () => void;
  readonly onUndo: () => void;
};

export function ProposalSide({
  proposal,
  offered,
  classes,
  canTakeBack,
  onAccept,
  onReject,
  onSkip,
  onUndo,
}: Props) {
  const { history, isEditing, setEditing, setClass } = useTrackEditor();
  const track = history?.present ?? offered;
  const names = classes.map((known) => known.name);
  const numFrames = lastFrame(track) - firstFrame(track) + 1;
  return (
    <aside className="side proposal-side" aria-label="This proposal">
      <section className="stack">
        <h2 className="small">Class</h2>
        <ul className="class-picker">
          {classes.map((known, index) => (
            <li key={known.name}>
              <button
                type="button"
                aria-pressed={known.name === track.class_name}
                onClick={() => setClass(known.name)}
              >
                <i style={{ background: classColour(known.name, names) }} />
                <span className="grow clip-text">{known.name}</span>
                {index < 9 && <Kbd>{String(index + 1)}</Kbd>}
              </button>
            </li>
          ))}
        </ul>
      </section>
      <dl className="facts">
        <dt>Offered by</dt>
        <dd>{proposal.tracker}</dd>
        <dt>Confidence</dt>
        <dd>{Math.round(proposal.confidence * 100)} %</dd>
        <dt>Span</dt>
        <dd>
          frames {firstFrame(track)}–{lastFrame(track)} ({countInWords(numFrames, "frame")})
        </dd>
        <dt>Keyframes</dt>
        <dd>{track.keyframes.length}</dd>
      </dl>
      <p className="quiet">
        {isEditing
          ? "Pause on a frame, then drag the box, its corners, or draw a new one. Each change fixes a keyframe."
          : "Only what you accept or adjust becomes a label."}
      </p>
      <div className="stack decide">
        <Button kind="primary" hotkey="A" onClick={onAccept}>
          {(history?.past.length ?? 0) > 0 ? "Accept with changes" : "Accept"}
        </Button>
        <div className="row">
          <Button className="grow" hotkey="E" aria-pressed={isEditing} onClick={() => setEditing(!isEditing)}>
            Adjust
          </Button>
          <Button className="grow" kind="danger" hotkey="R" onClick={onReject}>
            Reject
          </Button>
        </div>
        <div className="row">
          <Button className="grow" kind="ghost" hotkey="S" onClick={onSkip}>
            Skip
          </Button>
          <Button className="grow" kind="ghost" hotkey="U" disabled={!canTakeBack} onClick={onUndo}>
            Undo
          </Button>
        </div>
      </div>
    </aside>
  );
}
