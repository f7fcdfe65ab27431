import { useState } from "react";
import { useSetPassword } from "@/api/trust";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Field } from "@/design/Field";
import { Problem } from "@/design/Problem";
import { say } from "@/design/toasts";

type Props = { readonly open: boolean; readonly onClose: () => void };

/** Who came by a link sets a password here, to come back without one. */
export function PasswordDialog({ open, onClose }: Props) {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const change = useSetPassword();
  const submit = () =>
    change.mutate(
      { password, ...(current === "" ? {} : { current }) },
      {
        onSuccess: () => {
          say("ok", "Password set");
          onClose();
        },
      },
    );
  return (
    <Dialog
      title="Password"
      description="With it you can log in without a link."
      open={open}
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {change.isError && <Problem error={change.error} />}
        <Field label="Present password" hint="Leave it empty if you have none yet.">
          <input
            className="input"
            type="password"
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
          />
        </Field>
        <Field label="New password">
          <input
            className="input"
            type="password"
            autoComplete="new-password"
            required
            minLength={8}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <div className="foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={change.isPending}>
            Set password
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
