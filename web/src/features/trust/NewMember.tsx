import { useState } from "react";
import { useAddMember } from "@/api/trust";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Field } from "@/design/Field";
import { Problem } from "@/design/Problem";
import { roleFrom, roles } from "./roles";
import { SecretOnce } from "./SecretOnce";

type Props = { readonly open: boolean; readonly onClose: () => void };

export function NewMember({ open, onClose }: Props) {
  const [form, setForm] = useState({ name: "", email: "", role: roleFrom("annotator") });
  const add = useAddMember();
  const close = () => {
    add.reset();
    onClose();
  };
  return (
    <Dialog title="Invite someone" open={open} onClose={close}>
      {add.data?.link ? (
        <SecretOnce
          label="Their link, which logs in once, within 15 minutes"
          secret={add.data.link}
          onClose={close}
        />
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate(form, { onSuccess: (made) => !made.link && close() });
          }}
        >
          {add.isError && <Problem error={add.error} />}
          <Field label="Name">
            <input
              className="input"
              required
              value={form.name}
              onChange={(event) => setForm({ ...form, name: event.target.value })}
            />
          </Field>
          <Field label="E-mail">
            <input
              className="input"
              type="email"
              required
              value={form.email}
              onChange={(event) => setForm({ ...form, email: event.target.value })}
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
            <Button kind="primary" type="submit" disabled={add.isPending}>
              Invite
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
