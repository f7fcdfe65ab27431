import { useState } from "react";
import { useDeclareRights } from "@/api/catalog";
import type { Rights, RightsIn, Use } from "@/api/types";
import { Button } from "@/design/Button";
import { DateField } from "@/design/DateField";
import { Field } from "@/design/Field";
import { say, sayError } from "@/design/toasts";

const uses: readonly { readonly value: Use; readonly name: string }[] = [
  { value: "label", name: "Label" },
  { value: "train", name: "Train" },
  { value: "generate", name: "Generate" },
  { value: "share", name: "Share" },
];

type Props = {
  readonly assetId: string;
  readonly rights: Rights;
  /** Others may read what was declared. */
  readonly mayDeclare: boolean;
};

export function RightsForm({ assetId, rights, mayDeclare }: Props) {
  const declare = useDeclareRights(assetId);
  const [form, setForm] = useState<RightsIn>({
    source: rights.source,
    owner: rights.owner,
    licence: rights.licence,
    allowed_uses: rights.allowed_uses,
    expires_at: rights.expires_at,
    retain_until: rights.retain_until,
    is_synthetic: rights.is_synthetic,
  });
  const allowed = form.allowed_uses ?? [];
  const set = (change: Partial<RightsIn>) => setForm((old) => ({ ...old, ...change }));
  const toggle = (use: Use) =>
    set({
      allowed_uses: allowed.includes(use) ? allowed.filter((other) => other !== use) : [...allowed, use],
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        declare.mutate(form, { onSuccess: () => say("ok", "Rights declared"), onError: sayError });
      }}
    >
      <fieldset className="plain stack" disabled={!mayDeclare}>
        <Field label="Source" hint="Where it comes from: an address, a shoot, a supplier.">
          <input
            className="input"
            value={form.source}
            onChange={(event) => set({ source: event.target.value })}
          />
        </Field>
        <Field label="Owner">
          <input
            className="input"
            value={form.owner}
            onChange={(event) => set({ owner: event.target.value })}
          />
        </Field>
        <Field label="Licence">
          <input
            className="input"
            placeholder="CC0-1.0, contract 2026-14…"
            value={form.licence}
            onChange={(event) => set({ licence: event.target.value })}
          />
        </Field>
        <fieldset className="plain field">
          <legend className="name">Allowed uses</legend>
          <div className="use-grid">
            {uses.map((use) => (
              <label key={use.value} className="check">
                <input
                  type="checkbox"
                  checked={allowed.includes(use.value)}
                  onChange={() => toggle(use.value)}
                />
                {use.name}
              </label>
            ))}
          </div>
        </fieldset>
        <div className="use-grid">
          <DateField
            label="Rights end"
            hint="No use after this day."
            instant={form.expires_at}
            onChange={(expires_at) => set({ expires_at })}
          />
          <DateField
            label="Keep until"
            hint="Removed after this day."
            instant={form.retain_until}
            onChange={(retain_until) => set({ retain_until })}
          />
        </div>
        <label className="check">
          <input
            type="checkbox"
            checked={form.is_synthetic === true}
            onChange={(event) => set({ is_synthetic: event.target.checked })}
          />
          Synthetic: made by a machine
        </label>
        {mayDeclare && (
          <Button type="submit" kind="primary" disabled={declare.isPending}>
            Declare rights
          </Button>
        )}
      </fieldset>
    </form>
  );
}
