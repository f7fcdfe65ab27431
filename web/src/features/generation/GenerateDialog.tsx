import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { enginesQuery, useGenerate } from "@/api/generation";
import { checkpointsQuery, promptsOf, worldModelsIn } from "@/api/training";
import { Button } from "@/design/Button";
import { CheckpointOptions } from "@/design/CheckpointOptions";
import { Dialog } from "@/design/Dialog";
import { EngineField } from "@/design/EngineField";
import { enginesFor } from "@/design/engines";
import { Field } from "@/design/Field";
import { NumberField } from "@/design/NumberField";
import { Problem } from "@/design/Problem";
import { Segmented } from "@/design/Segmented";
import { Suggestions } from "@/design/Suggestions";
import { say } from "@/design/toasts";
import { FootageFields } from "./FootageFields";
import { LacksCheckpoint } from "./LacksCheckpoint";
import { type Draft, freshDraft, specFrom } from "./spec";

type Props = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly checkpointId: string | undefined;
  readonly assetId: string | undefined;
};

export function GenerateDialog({ open, onClose, checkpointId, assetId }: Props) {
  const engines = useQuery({ ...enginesQuery, enabled: open });
  const { data: saved } = useInfiniteQuery({ ...checkpointsQuery, enabled: open });
  const checkpoints = saved && worldModelsIn(saved);
  const [draft, setDraft] = useState<Draft>({
    ...freshDraft,
    kind: assetId === undefined ? "text_to_video" : "continuation",
    checkpoint_id: checkpointId ?? "",
    asset_id: assetId ?? "",
  });
  const generate = useGenerate();
  const set = (change: Partial<Draft>) => setDraft((old) => ({ ...old, ...change }));
  const able = enginesFor(engines.data ?? [], draft.kind);
  const engine = able.find(({ name }) => name === draft.engine) ?? able[0];
  const filled = { ...draft, engine: engine?.name ?? "" };
  const finished = checkpoints?.filter(({ is_final }) => is_final) ?? [];
  const chosen = checkpoints?.find(({ id }) => id === draft.checkpoint_id);
  const sentences = promptsOf(chosen, draft.kind === "text_to_video" ? finished : []);
  const lacksCheckpoint = checkpoints?.length === 0 && engine?.limits?.needs_checkpoint === true;
  const submit = () =>
    generate.mutate(specFrom(filled), {
      onSuccess: () => {
        say("ok", "Being generated", "It appears in the gallery when it is signed.");
        onClose();
      },
    });
  return (
    <Dialog wide title="Generate" open={open} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {generate.isError && <Problem error={generate.error} />}
        <Segmented
          label="What to make"
          value={draft.kind}
          onChange={(kind) => set({ kind })}
          choices={[
            { value: "text_to_video", name: "From text" },
            { value: "image_to_video", name: "From one frame" },
            { value: "continuation", name: "Go on from footage" },
          ]}
        />
        <Field label="Prompt" hint={sentences.length > 0 ? "It was taught sentences like these:" : undefined}>
          <textarea
            className="input"
            required={draft.kind === "text_to_video"}
            maxLength={engine?.limits?.max_prompt_characters}
            value={draft.prompt}
            onChange={(event) => set({ prompt: event.target.value })}
          />
        </Field>
        <Suggestions sentences={sentences} onChoose={(prompt) => set({ prompt })} />
        {draft.kind !== "text_to_video" && <FootageFields draft={draft} onChange={set} />}
        <div className="field-row">
          <EngineField
            engines={engines.data ?? []}
            kind={draft.kind}
            value={filled.engine}
            onChange={(engine) => set({ engine })}
          />
          <Field label="Checkpoint">
            <select
              className="input"
              value={draft.checkpoint_id}
              onChange={(event) => set({ checkpoint_id: event.target.value })}
            >
              <option value="">
                {draft.kind === "text_to_video"
                  ? "the newest that obeys words"
                  : "the newest taught by words or footage"}
              </option>
              <CheckpointOptions checkpoints={checkpoints ?? []} />
            </select>
          </Field>
        </div>
        <div className="field-row">
          <NumberField
            label="Frames"
            min={2}
            max={engine?.limits?.max_frames}
            value={draft.num_frames}
            onChange={(num_frames) => set({ num_frames })}
          />
          <NumberField
            label="Steps, first frame"
            min={1}
            max={engine?.limits?.max_steps}
            value={draft.first_steps}
            onChange={(first_steps) => set({ first_steps })}
          />
          <NumberField
            label="Steps, later frames"
            min={1}
            max={engine?.limits?.max_steps}
            value={draft.steps}
            onChange={(steps) => set({ steps })}
          />
          <NumberField
            label="Guidance"
            min={0}
            step={0.1}
            value={draft.guidance}
            onChange={(guidance) => set({ guidance })}
          />
          <NumberField label="Seed" min={0} value={draft.seed} onChange={(seed) => set({ seed })} />
        </div>
        {lacksCheckpoint && <LacksCheckpoint />}
        <div className="foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={generate.isPending || lacksCheckpoint}>
            Generate
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
