import { useState } from "react";
import { useRevokeKey } from "@/api/trust";
import type { ApiKey } from "@/api/types";
import { Badge } from "@/design/Badge";
import { Button } from "@/design/Button";
import { Confirm } from "@/design/Confirm";
import { sayError } from "@/design/toasts";
import { When } from "@/design/When";
import { countInWords } from "@/design/words";

export function KeyRow({ apiKey: key }: { readonly apiKey: ApiKey }) {
  const revoke = useRevokeKey();
  const [isAsking, setAsking] = useState(false);
  return (
    <tr>
      <td className="strong">{key.name}</td>
      <td className="mono quiet">
        {key.prefix}…{key.hint}
      </td>
      <td>
        {key.role}
        {key.scopes.length > 0 && (
          <span className="quiet" title={key.scopes.join(", ")}>
            , narrowed to {countInWords(key.scopes.length, "scope")}
          </span>
        )}
      </td>
      <td>
        <When at={key.created_at} />
      </td>
      <td>{key.expires_at ? <When at={key.expires_at} /> : <span className="quiet">never</span>}</td>
      <td>{key.last_used_at ? <When at={key.last_used_at} /> : <span className="quiet">never</span>}</td>
      <td className="end">
        {key.revoked_at ? (
          <Badge tone="bad">revoked</Badge>
        ) : (
          <Button small kind="danger" onClick={() => setAsking(true)}>
            Revoke
          </Button>
        )}
        <Confirm
          title={`Revoke ${key.name}?`}
          action="Revoke"
          open={isAsking}
          isBusy={revoke.isPending}
          onClose={() => setAsking(false)}
          onConfirm={() => revoke.mutate(key.id, { onSuccess: () => setAsking(false), onError: sayError })}
        >
          Programs that use it are refused from now on. This cannot be undone; make a new key instead.
        </Confirm>
      </td>
    </tr>
  );
}
