import { useInfiniteQuery } from "@tanstack/react-query";
import { assetsQuery } from "@/api/catalog";
import { Field } from "@/design/Field";
import { NumberField } from "@/design/NumberField";
import type { Draft } from "./spec";

type Props = { readonly draft: Draft; readonly onChange: (change: Partial<Draft>) => void };

/** Which footage to go on from, and where. */
export function FootageFields({ draft, onChange }: Props) {
  const assets = useInfiniteQuery(assetsQuery(""));
  const ready = assets.data?.filter((asset) => asset.is_ready) ?? [];
  const picked = ready.find((asset) => asset.id === draft.asset_id);
  return (
    <div className="field-row">
      <Field label="Footage">
        <select
          className="input"
          required
          value={draft.asset_id}
          onChange={(event) => onChange({ asset_id: event.target.value })}
        >
          <option value="">Choose…</option>
          {ready.map((asset) => (
            <option key={asset.id} value={asset.id}>
              {asset.name}
            </option>
          ))}
        </select>
      </Field>
      <NumberField
        label="First frame to make"
        min={1}
        max={picked?.num_frames ?? undefined}
        value={draft.start_frame}
        onChange={(start_frame) => onChange({ start_frame })}
      />
    </div>
  );
}
