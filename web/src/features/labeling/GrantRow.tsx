import { UserMinus } from "lucide-react";
import { useRevokeGrant } from "@/api/trust";
import type { Grant } from "@/api/types";
import { IconButton } from "@/design/IconButton";
import { sayError } from "@/design/toasts";
import { shortId } from "@/design/words";

/** name: null for a key, or a member beyond the first page. */
type Props = { readonly grant: Grant; readonly name: string | null };

export function GrantRow({ grant, name }: Props) {
  const revoke = useRevokeGrant();
  const who = name ?? shortId(grant.actor_id);
  return (
    <li className="row">
      <b className="clip-text">{who}</b>
      <span className="quiet grow">{grant.role}</span>
      <IconButton
        small
        label={`Take ${who} off this project`}
        icon={<UserMinus size={14} />}
        disabled={revoke.isPending}
        onClick={() => revoke.mutate(grant.id, { onError: sayError })}
      />
    </li>
  );
}
