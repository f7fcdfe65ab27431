import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCreateProject } from "@/api/labeling";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Field } from "@/design/Field";
import { sayError } from "@/design/toasts";

type Props = { readonly open: boolean; readonly onClose: () => void };

export function NewProject({ open, onClose }: Props) {
  const [name, setName] = useState("");
  const [classes, setClasses] = useState("object, person, vehicle, animal");
  const create = useCreateProject();
  const navigate = useNavigate();
  const names = [
    ...new Set(
      classes
        .split(/[,\n]/)
        .map((part) => part.trim())
        .filter(Boolean),
    ),
  ];
  return (
    <Dialog title="New project" open={open} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const body = { name, classes: names.map((known) => ({ name: known, shapes: ["box"] })) };
          create.mutate(body, {
            onSuccess: ({ id }) => void navigate({ to: "/label/$projectId", params: { projectId: id } }),
            onError: sayError,
          });
        }}
      >
        <Field label="Name">
          <input className="input" required value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field
          label="Classes"
          hint="With commas between. The tracker offers what it finds as the first; the first nine have the keys 1 to 9."
        >
          <textarea
            className="input"
            required
            value={classes}
            onChange={(event) => setClasses(event.target.value)}
          />
        </Field>
        <div className="foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={create.isPending || names.length === 0}>
            Create
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
