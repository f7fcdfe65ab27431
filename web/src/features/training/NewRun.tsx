import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { datasetQuery, datasetsQuery } from "@/api/datasets";
import { checkpointsQuery, recipesQuery, useStartRun, worldModelsIn } from "@/api/training";
import { Button } from "@/design/Button";
import { CheckpointOptions } from "@/design/CheckpointOptions";
import { Dialog } from "@/design/Dialog";
import { Field } from "@/design/Field";
import { NumberField } from "@/design/NumberField";
import { Problem } from "@/design/Problem";

type Props = { readonly open: boolean; readonly onClose: () => void };

export function NewRun({ open, onClose }: Props) {
  const recipes = useQuery({ ...recipesQuery, enabled: open });
  const datasets = useInfiniteQuery({ ...datasetsQuery, enabled: open });
  const details = useQueries({ queries: (datasets.data ?? []).map((dataset) => datasetQuery(dataset.id)) });
  const checkpoints = useInfiniteQuery({ ...checkpointsQuery, enabled: open });
  const [form, setForm] = useState({ name: "", recipe: "", version_id: "", parent: "", seed: 0, minutes: 3 });
  const start = useStartRun();
  const navigate = useNavigate();
  const set = (change: Partial<typeof form>) => setForm((old) => ({ ...old, ...change }));
  const versions = details.flatMap(({ data }) =>
    (data?.versions ?? []).map((version) => ({ id: version.id, name: `${data?.name} v${version.number}` })),
  );
  const submit = () =>
    start.mutate(
      {
        name: form.name,
        recipe: form.recipe || (recipes.data?.[0]?.name ?? ""),
        seed: form.seed,
        budget_s: form.minutes * 60,
        ...(form.version_id === "" ? {} : { version_id: form.version_id }),
        ...(form.parent === "" ? {} : { parent_checkpoint_id: form.parent }),
      },
      { onSuccess: ({ id }) => void navigate({ to: "/runs/$runId", params: { runId: id } }) },
    );
  return (
    <Dialog title="Start a run" open={open} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {start.isError && <Problem error={start.error} />}
        <Field label="Name">
          <input
            className="input"
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
        <Field label="Recipe">
          <select
            className="input"
            value={form.recipe}
            onChange={(event) => set({ recipe: event.target.value })}
          >
            {recipes.data?.map((recipe) => (
              <option key={recipe.name} value={recipe.name}>
                {recipe.name} · {recipe.size}, {recipe.frame_width} px, {recipe.num_frames} frames
              </option>
            ))}
          </select>
        </Field>
        <Field label="Footage" hint="A frozen version; its rights proof must allow training.">
          <select
            className="input"
            value={form.version_id}
            onChange={(event) => set({ version_id: event.target.value })}
          >
            <option value="">Simulated clips only</option>
            {versions.map((version) => (
              <option key={version.id} value={version.id}>
                {version.name}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Begin from">
          <select
            className="input"
            value={form.parent}
            onChange={(event) => set({ parent: event.target.value })}
          >
            <option value="">Random weights</option>
            <CheckpointOptions checkpoints={worldModelsIn(checkpoints.data ?? [])} />
          </select>
        </Field>
        <div className="field-row">
          <NumberField
            label="Minutes"
            min={0.1}
            step={0.1}
            value={form.minutes}
            onChange={(minutes) => set({ minutes })}
          />
          <NumberField label="Seed" min={0} value={form.seed} onChange={(seed) => set({ seed })} />
        </div>
        <div className="foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={start.isPending}>
            Start
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
