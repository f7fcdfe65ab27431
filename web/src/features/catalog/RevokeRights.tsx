import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRevokeRights } from "@/api/catalog";
import { lineageQuery } from "@/api/lineage";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Field } from "@/design/Field";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { sayError } from "@/design/toasts";
import { downstreamOf } from "./downstream";
import { MadeFromIt } from "./MadeFromIt";
import { Twins } from "./Twins";

type Props = { readonly assetId: string; readonly isRevoked: boolean };

/** Withdraws the right to use an asset: shows what was made from it before, and all that is blocked with it after. */
export function RevokeRights({ assetId, isRevoked }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const revoke = useRevokeRights(assetId);
  const lineage = useQuery({ ...lineageQuery(assetId), enabled: isOpen });
  const close = () => setOpen(false);
  const open = () => {
    revoke.reset();
    setOpen(true);
  };
  return (
    <section className="stack">
      {!isRevoked && (
        <Button kind="danger" onClick={open}>
          Revoke rights…
        </Button>
      )}
      <Dialog
        wide
        title={
          revoke.isSuccess ? "The rights to this footage are revoked" : "Revoke the rights to this footage"
        }
        description={`It stays in the catalogue, but may ${revoke.isSuccess ? "not" : "no longer"} be labelled, frozen, trained on or shown in generations.`}
        open={isOpen}
        onClose={close}
      >
        {revoke.isSuccess ? (
          <div className="stack">
            <MadeFromIt nodes={revoke.data.downstream} />
            <Twins ids={revoke.data.twins} />
            <div className="foot">
              <Button onClick={close}>Done</Button>
            </div>
          </div>
        ) : (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              revoke.mutate(reason, { onSuccess: () => setReason(""), onError: sayError });
            }}
          >
            {lineage.isError && <Problem error={lineage.error} />}
            {lineage.isPending && <Skeleton lines={3} />}
            {lineage.data !== undefined && (
              <MadeFromIt nodes={downstreamOf(lineage.data, assetId)} isMore={lineage.data.truncated} />
            )}
            <Field label="Reason" hint="Kept in the event log.">
              <textarea
                className="input"
                required
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            </Field>
            <div className="foot">
              <Button onClick={close}>Cancel</Button>
              <Button kind="danger" type="submit" disabled={revoke.isPending}>
                Revoke
              </Button>
            </div>
          </form>
        )}
      </Dialog>
    </section>
  );
}
