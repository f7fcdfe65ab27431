import { Link, useNavigate } from "@tanstack/react-router";
import { Download, GitFork, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useDeleteAsset, useDownload, useRenameAsset } from "@/api/catalog";
import { useMay } from "@/api/trust";
import type { Asset } from "@/api/types";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Field } from "@/design/Field";
import { IconButton } from "@/design/IconButton";
import { sayError } from "@/design/toasts";

export function AssetMenu({ asset }: { readonly asset: Asset }) {
  const [open, setOpen] = useState<"rename" | "remove" | null>(null);
  const [name, setName] = useState(asset.name);
  const rename = useRenameAsset(asset.id);
  const remove = useDeleteAsset();
  const download = useDownload(asset.id);
  const navigate = useNavigate();
  const may = useMay();
  const close = () => setOpen(null);
  return (
    <div className="row" style={{ gap: 0 }}>
      {may("artifacts.read") && (
        <Link to="/lineage/$id" params={{ id: asset.id }} className="button ghost small">
          <GitFork size={14} /> Lineage
        </Link>
      )}
      {may("catalog.download") && (
        <IconButton
          small
          label="Download the original"
          icon={<Download size={14} />}
          disabled={download.isPending}
          onClick={() => download.mutate(undefined, { onError: sayError })}
        />
      )}
      {may("catalog.write") && (
        <>
          <IconButton small label="Rename" icon={<Pencil size={14} />} onClick={() => setOpen("rename")} />
          <IconButton small label="Remove" icon={<Trash2 size={14} />} onClick={() => setOpen("remove")} />
        </>
      )}
      <Dialog title="Rename" open={open === "rename"} onClose={close}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            rename.mutate(name, { onSuccess: close, onError: sayError });
          }}
        >
          <Field label="Name">
            <input
              className="input"
              required
              maxLength={500}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <div className="foot">
            <Button onClick={close}>Cancel</Button>
            <Button kind="primary" type="submit" disabled={rename.isPending}>
              Rename
            </Button>
          </div>
        </form>
      </Dialog>
      <Dialog
        title={`Remove ${asset.name}?`}
        description="The footage and its shots go. What was made from it keeps its lineage, and the event log keeps who saw it."
        open={open === "remove"}
        onClose={close}
      >
        <div className="foot">
          <Button onClick={close}>Keep it</Button>
          <Button
            kind="danger"
            disabled={remove.isPending}
            onClick={() =>
              remove.mutate(asset.id, {
                onSuccess: () => void navigate({ to: "/catalogue" }),
                onError: sayError,
              })
            }
          >
            Remove
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
