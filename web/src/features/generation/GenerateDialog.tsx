import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { assetsQuery } from "@/api/catalog";
import { enginesQuery, useGenerate } from "@/api/generation";
import { checkpointsQuery } from "@/api/training";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Field } from "@/design/Field";
import { Problem } from "@/design/Problem";
import { Segmented } from "@/design/Segmented";
import { say } from "@/design/toasts";
import { shortId } from "@/design/words";
import { type Draft, specFrom } from "./spec";

type Props = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly checkpointId: string | undefined;
  readonly assetId: string | undefined;
};

export function GenerateDialog({ open, onClose, checkpointId, assetId }: Props) {
  const engines = useQuery({ ...enginesQuery, enabled: open });
  const checkpoints = useInfiniteQuery({ ...checkpointsQuery, enabled: open });
  const assets = useInfiniteQuery({ ...assetsQuery(""), enabled: open });
  const [draft, setDraft] = useState<Draft>({
    kind: assetId === undefined ? "text_to_video" : "continuation",
    engine: "",
    prompt: "a red ball drifts right",
    checkpoint_id: checkpointId ?? "",
    asset_id: assetId ?? "",
    start_frame: 0,
    num_frames: 16,
    seed: 0,
    steps: 12,
    guidance: 1,
  });
  const generate = useGenerate();
  const set = (change: Partial<Draft>) => setDraft((old) => ({ ...old, ...change }));
  const numberField = (
    label: string,
    name: "num_frames" | "seed" | "steps" | "guidance" | "start_frame",
    step = 1,
  ) => (
    <Field label={label}>
      <input
        className="input"
        type="number"
        min={0}
        step={step}
        value={draft[name]}
        onChange={(event) => set({ [name]: event.target.valueAsNumber || 0 })}
      />
    </Field>
  );
  const filled = {
    ...draft,
    engine: draft.engine || (engines.data?.[0]?.name ?? ""),
    checkpoint_id: draft.checkpoint_id || (checkpoints.data?.[0]?.id ?? ""),
  };
  return (
    <Dialog wide title="Generate" open={open} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          generate.mutate(specFrom(filled), {
            onSuccess: () => {
              say("ok", "Being generated", "It appears in the gallery when it is signed.");
              onClose();
            },
          });
        }}
      >
        {generate.isError && <Problem error={generate.error} />}
        <Segmented
          label="What to make"
          value={draft.kind}
          onChange={(kind) => set({ kind })}
          choices={[
            { value: "text_to_video", name: "From text" },
            { value: "continuation", name: "Go on from footage" },
          ]}
        />
        <Field
          label="Prompt"
          hint="The model knows the simulator's grammar: colours, shapes, sizes, motions."
        >
          <textarea
            className="input"
            required={draft.kind === "text_to_video"}
            value={draft.prompt}
            onChange={(event) => set({ prompt: event.target.value })}
          />
        </Field>
        {draft.kind === "continuation" && (
          <div className="field-row">
            <Field label="Footage">
              <select
                className="input"
                required
                value={draft.asset_id}
                onChange={(event) => set({ asset_id: event.target.value })}
              >
                <option value="">Choose…</option>
                {assets.data
                  ?.filter((asset) => asset.is_ready)
                  .map((asset) => (
                    <option key={asset.id} value={asset.id}>
                      {asset.name}
                    </option>
                  ))}
              </select>
            </Field>
            {numberField("From frame", "start_frame")}
          </div>
        )}
        <div className="field-row">
          <Field label="Engine">
            <select
              className="input"
              value={filled.engine}
              onChange={(event) => set({ engine: event.target.value })}
            >
              {engines.data?.map((engine) => (
                <option key={engine.name}>{engine.name}</option>
              ))}
            </select>
          </Field>
          <Field label="Checkpoint">
            <select
              className="input"
              value={filled.checkpoint_id}
              onChange={(event) => set({ checkpoint_id: event.target.value })}
            >
              {checkpoints.data?.map((checkpoint) => (
                <option key={checkpoint.id} value={checkpoint.id}>
                  step {checkpoint.step.toLocaleString("en")} · {shortId(checkpoint.id)}
                </option>
              ))}
            </select>
          </Field>
        </div>
        <div className="field-row">
          {numberField("Frames", "num_frames")}
          {numberField("Steps a frame", "steps")}
          {numberField("Guidance", "guidance", 0.1)}
          {numberField("Seed", "seed")}
        </div>
        <div className="foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={generate.isPending}>
            Generate
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
