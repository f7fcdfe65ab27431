import { useState } from "react";
import { useCreateKey } from "@/api/trust";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Field } from "@/design/Field";
import { sayError } from "@/design/toasts";
import { roleFrom, roles } from "./roles";
import { SecretOnce } from "./SecretOnce";

type Props = { readonly open: boolean; readonly onClose: () => void };

export function NewKey({ open, onClose }: Props) {
  const [form, setForm] = useState({ name: "", role: roleFrom("service") });
  const create = useCreateKey();
  const close = () => {
    create.reset();
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
            create.mutate(form, { onError: sayError });
          }}
        >
          <Field label="Name" hint="What will use it.">
            <input
              className="input"
              required
              value={form.name}
              onChange={(event) => setForm({ ...form, name: event.target.value })}
            />
          </Field>
          <Field label="Role">
            <select
              className="input"
              value={form.role}
              onChange={(event) => setForm({ ...form, role: roleFrom(event.target.value) })}
            >
              {roles.map((role) => (
                <option key={role.value} value={role.value}>
                  {role.value}: {role.about}
                </option>
              ))}
            </select>
          </Field>
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
