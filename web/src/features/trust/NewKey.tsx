import { useState } from "react";
import { useCreateKey } from "@/api/trust";
import type { KeyIn } from "@/api/types";
import { Button } from "@/design/Button";
import { DateField } from "@/design/DateField";
import { Dialog } from "@/design/Dialog";
import { Field } from "@/design/Field";
import { Problem } from "@/design/Problem";
import { KeyScopes } from "./KeyScopes";
import { roleFrom, roles } from "./roles";
import { SecretOnce } from "./SecretOnce";

type Props = { readonly open: boolean; readonly onClose: () => void };

const fresh = { name: "", role: roleFrom("service"), scopes: [], prefix: "mbk_", expires_at: null };

export function NewKey({ open, onClose }: Props) {
  const [form, setForm] = useState<KeyIn>(fresh);
  const create = useCreateKey();
  const set = (change: Partial<KeyIn>) => setForm((old) => ({ ...old, ...change }));
  const close = () => {
    create.reset();
    setForm(fresh);
    onClose();
  };
  return (
    <Dialog title="New API key" open={open} onClose={close}>
      {create.data?.secret ? (
        <SecretOnce label="The key" secret={create.data.secret} onClose={close} />
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate(form);
          }}
        >
          {create.isError && <Problem error={create.error} />}
          <Field label="Name" hint="What will use it.">
            <input
              className="input"
              required
              value={form.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          </Field>
          <Field label="Role">
            <select
              className="input"
              value={form.role}
              onChange={(event) => set({ role: roleFrom(event.target.value) })}
            >
              {roles.map((role) => (
                <option key={role.value} value={role.value}>
                  {role.value}: {role.about}
                </option>
              ))}
            </select>
          </Field>
          <KeyScopes scopes={form.scopes ?? []} onChange={(scopes) => set({ scopes })} />
          <div className="field-row">
            <Field label="Begins with" hint="Some clients expect live_, test_ or key_.">
              <input
                className="input mono"
                required
                pattern="[A-Za-z0-9]{1,15}_"
                title="Up to 15 letters and digits, then an underscore"
                value={form.prefix}
                onChange={(event) => set({ prefix: event.target.value })}
              />
            </Field>
            <DateField
              label="Ends"
              hint="Empty: when it is revoked."
              instant={form.expires_at}
              onChange={(expires_at) => set({ expires_at })}
            />
          </div>
          <div className="foot">
            <Button onClick={close}>Cancel</Button>
            <Button kind="primary" type="submit" disabled={create.isPending}>
              Create
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
