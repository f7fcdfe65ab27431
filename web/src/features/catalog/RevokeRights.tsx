import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useRevokeRights } from "@/api/catalog";
import { lineageQuery } from "@/api/lineage";
import { Badge } from "@/design/Badge";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { Field } from "@/design/Field";
import { sayError } from "@/design/toasts";
import { plainWords } from "@/design/words";
import { downstreamOf } from "./downstream";

/** Withdraws the right to use an asset, after showing everything that was made from it. */
export function RevokeRights({ assetId }: { readonly assetId: string }) {
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const revoke = useRevokeRights(assetId);
  const lineage = useQuery({ ...lineageQuery(assetId), enabled: isOpen });
  const downstream = lineage.data ? downstreamOf(lineage.data, assetId) : [];
  const blocked = downstream.filter((node) => node.noun !== "artifact");
  return (
    <section className="stack">
      <Button kind="danger" onClick={() => setOpen(true)}>
        Revoke rights…
      </Button>
      <Dialog
        wide
        title="Revoke the rights to this footage"
        description="It stays in the catalogue, but may no longer be labelled, frozen, trained on or shown in generations."
        open={isOpen}
        onClose={() => setOpen(false)}
      >
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            revoke.mutate(reason, { onSuccess: () => setOpen(false), onError: sayError });
          }}
        >
          <h3>{blocked.length === 0 ? "Nothing was made from it." : "Made from it, and blocked with it"}</h3>
          <ul className="stack" style={{ maxHeight: 220, overflow: "auto", gap: 6 }}>
            {blocked.map((node) => (
              <li key={node.id} className="row">
                <Badge>{plainWords(node.noun)}</Badge>
                <Link className="link clip-text" to="/lineage/$id" params={{ id: node.id }}>
                  {node.title}
                </Link>
              </li>
            ))}
          </ul>
          {lineage.data?.truncated === true && <p className="quiet">And more, which revoking will list.</p>}
          <Field label="Reason" hint="Kept in the event log.">
            <textarea
              className="input"
              required
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </Field>
          <div className="foot">
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button kind="danger" type="submit" disabled={revoke.isPending}>
              Revoke
            </Button>
          </div>
        </form>
      </Dialog>
    </section>
  );
}
