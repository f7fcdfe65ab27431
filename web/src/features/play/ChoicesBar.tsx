import { Dices } from "lucide-react";
import type { Checkpoint, Engine } from "@/api/types";
import { CheckpointOptions } from "@/design/CheckpointOptions";
import { EngineField } from "@/design/EngineField";
import { Field } from "@/design/Field";
import { IconButton } from "@/design/IconButton";
import { anySeed, type Choices, MAX_SEED } from "./begin";

type Props = {
  readonly choices: Choices;
  readonly checkpoints: readonly Checkpoint[];
  readonly engines: readonly Engine[];
  readonly onChange: (change: Partial<Choices>) => void;
};

const steps = [1, 2, 4, 8];
const rates = [4, 8, 12, 16];

/** What imagines, and how: most people need none of it. */
export function ChoicesBar({ choices, checkpoints, engines, onChange }: Props) {
  return (
    <details className="choices">
      <summary>How it imagines</summary>
      <div className="field-row">
        <Field label="Checkpoint">
          <select
            className="input"
            value={choices.checkpointId}
            onChange={(event) => onChange({ checkpointId: event.target.value })}
          >
            <option value="">the newest for the room</option>
            <CheckpointOptions checkpoints={checkpoints} />
          </select>
        </Field>
        <EngineField
          engines={engines}
          kind="play"
          none="what suits the network"
          value={choices.engine}
          onChange={(engine) => onChange({ engine })}
        />
        <Field label="Steps a frame">
          <select
            className="input"
            value={choices.steps}
            onChange={(event) => onChange({ steps: Number(event.target.value) })}
          >
            {steps.map((count) => (
              <option key={count} value={count}>
                {count}
                {count === 1 ? ", fastest" : count === 8 ? ", most careful" : ""}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Frames a second">
          <select
            className="input"
            value={choices.fps}
            onChange={(event) => onChange({ fps: Number(event.target.value) })}
          >
            {rates.map((rate) => (
              <option key={rate}>{rate}</option>
            ))}
          </select>
        </Field>
        <Field label="Seed" hint="Empty: the scene on the card.">
          <span className="row">
            <input
              className="input"
              type="number"
              min={0}
              max={MAX_SEED}
              value={choices.seed ?? ""}
              onChange={({ target }) =>
                onChange({ seed: Number.isInteger(target.valueAsNumber) ? target.valueAsNumber : null })
              }
            />
            <IconButton
              label="Any seed"
              icon={<Dices size={16} />}
              onClick={() => onChange({ seed: anySeed() })}
            />
          </span>
        </Field>
      </div>
    </details>
  );
}
