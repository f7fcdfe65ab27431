import { useState } from "react";
import type { Checkpoint, EvaluationIn } from "@/api/types";
import { Button } from "@/design/Button";
import { CheckpointOptions } from "@/design/CheckpointOptions";
import { Field } from "@/design/Field";
import { Problem } from "@/design/Problem";

type Props = {
  readonly checkpoints: readonly Checkpoint[];
  readonly error: unknown;
  readonly isBusy: boolean;
  readonly onCancel: () => void;
  readonly onSubmit: (body: EvaluationIn) => void;
};

type Kind = NonNullable<EvaluationIn["kind"]>;

const kinds: readonly { readonly value: Kind; readonly name: string }[] = [
  { value: "all", name: "Both: on simulated clips, and on footage it has not seen" },
  { value: "simulator", name: "On simulated clips, against exact truth" },
  { value: "footage", name: "On your footage, beside copying the last frame" },
];

export function EvaluationForm({ checkpoints, error, isBusy, onCancel, onSubmit }: Props) {
  const [kind, setKind] = useState<Kind>("all");
  const [picked, setPicked] = useState("");
  const checkpoint_id = picked || (checkpoints[0]?.id ?? "");
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit({ kind, checkpoint_id });
      }}
    >
      {error !== null && <Problem error={error} />}
      <Field label="How">
        <select
          className="input"
          value={kind}
          onChange={(event) =>
            setKind(kinds.find((known) => known.value === event.target.value)?.value ?? "all")
          }
        >
          {kinds.map((known) => (
            <option key={known.value} value={known.value}>
              {known.name}
            </option>
          ))}
        </select>
      </Field>
      <Field label="Checkpoint">
        <select
          className="input"
          required
          value={checkpoint_id}
          onChange={(event) => setPicked(event.target.value)}
        >
          <CheckpointOptions checkpoints={checkpoints} />
        </select>
      </Field>
      {checkpoints.length === 0 && <p className="quiet">There is no checkpoint yet. Finish a run first.</p>}
      <div className="foot">
        <Button onClick={onCancel}>Cancel</Button>
        <Button kind="primary" type="submit" disabled={isBusy || checkpoint_id === ""}>
          Evaluate
        </Button>
      </div>
    </form>
  );
}
