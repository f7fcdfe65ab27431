import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCreateDataset } from "@/api/datasets";
import { projectsQuery } from "@/api/labeling";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Field } from "@/design/Field";
import { sayError } from "@/design/toasts";

type Props = { readonly open: boolean; readonly onClose: () => void };

export function NewDataset({ open, onClose }: Props) {
  const [name, setName] = useState("");
  const [projectId, setProjectId] = useState("");
  const projects = useInfiniteQuery({ ...projectsQuery, enabled: open });
  const create = useCreateDataset();
  const navigate = useNavigate();
  return (
    <Dialog title="New dataset" open={open} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(
            { name, query: projectId === "" ? {} : { project_ids: [projectId] } },
            {
              onSuccess: ({ id }) => void navigate({ to: "/datasets/$datasetId", params: { datasetId: id } }),
              onError: sayError,
            },
          );
        }}
      >
        <Field label="Name">
          <input className="input" required value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label="Labels of" hint="All footage is selected; freezing leaves out what may not be used.">
          <select className="input" value={projectId} onChange={(event) => setProjectId(event.target.value)}>
            <option value="">Every project</option>
            {projects.data?.map((project) => (
              <option key={project.id} value={project.id}>
                {project.name}
              </option>
            ))}
          </select>
        </Field>
        <div className="foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={create.isPending}>
            Create
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
