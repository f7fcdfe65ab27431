import { useState } from "react";
import { useRevokeConsent } from "@/api/catalog";
import type { Consent } from "@/api/types";
import { Badge } from "@/design/Badge";
import { Button } from "@/design/Button";
import { Confirm } from "@/design/Confirm";
import { sayError } from "@/design/toasts";
import { When } from "@/design/When";

type Props = { readonly consent: Consent; readonly mayWithdraw: boolean };

export function ConsentRow({ consent, mayWithdraw }: Props) {
  const revoke = useRevokeConsent();
  const [isAsking, setAsking] = useState(false);
  return (
    <li>
      <b className="clip-text" title={consent.person_ref}>
        {consent.person_ref}
      </b>
      <When at={consent.given_at} />
      <span className="quiet">for {consent.uses.join(", ") || "no use"}</span>
      {consent.revoked_at !== null ? (
        <Badge tone="bad">withdrawn</Badge>
      ) : (
        mayWithdraw && (
          <Button small kind="ghost" onClick={() => setAsking(true)}>
            Withdraw
          </Button>
        )
      )}
      <Confirm
        title={`Withdraw the consent of ${consent.person_ref}?`}
        action="Withdraw"
        open={isAsking}
        isBusy={revoke.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => revoke.mutate(consent.id, { onSuccess: () => setAsking(false), onError: sayError })}
      >
        This footage may then no longer be put to the uses that it allowed. It stays in the record.
      </Confirm>
    </li>
  );
}
