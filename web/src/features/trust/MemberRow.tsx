import { Link2, UserMinus } from "lucide-react";
import { useState } from "react";
import { useChangeRole, useMemberLink, useRemoveMember } from "@/api/trust";
import type { Member } from "@/api/types";
import { Badge } from "@/design/Badge";
import { Confirm } from "@/design/Confirm";
import { Dialog } from "@/design/Dialog";
import { IconButton } from "@/design/IconButton";
import { sayError } from "@/design/toasts";
import { When } from "@/design/When";
import { roleFrom, roles } from "./roles";
import { SecretOnce } from "./SecretOnce";

type Props = { readonly member: Member; readonly isMe: boolean; readonly mayManage: boolean };

export function MemberRow({ member, isMe, mayManage }: Props) {
  const change = useChangeRole();
  const remove = useRemoveMember();
  const link = useMemberLink();
  const [isRemoving, setRemoving] = useState(false);
  return (
    <tr>
      <td className="strong">
        <span className="row">
          {member.name} {isMe && <Badge>you</Badge>}
        </span>
      </td>
      <td className="quiet">{member.email}</td>
      <td>
        {isMe || !mayManage ? (
          member.role
        ) : (
          <select
            className="input compact"
            aria-label={`Role of ${member.name}`}
            value={member.role}
            onChange={(event) =>
              change.mutate({ id: member.id, role: roleFrom(event.target.value) }, { onError: sayError })
            }
          >
            {roles.map((role) => (
              <option key={role.value}>{role.value}</option>
            ))}
          </select>
        )}
      </td>
      <td className="quiet">{member.has_password ? "password" : "link only"}</td>
      <td>
        <When at={member.created_at} />
      </td>
      <td className="end">
        {mayManage && !isMe && (
          <>
            <IconButton
              small
              label={`A new login link for ${member.name}`}
              icon={<Link2 size={14} />}
              disabled={link.isPending}
              onClick={() => link.mutate(member.id, { onError: sayError })}
            />
            <IconButton
              small
              label={`Remove ${member.name}`}
              icon={<UserMinus size={14} />}
              onClick={() => setRemoving(true)}
            />
          </>
        )}
        <Dialog title={`A link for ${member.name}`} open={link.data !== undefined} onClose={link.reset}>
          <SecretOnce
            label={`It logs ${member.name} in once, within 15 minutes`}
            secret={link.data?.link ?? ""}
            onClose={link.reset}
          />
        </Dialog>
        <Confirm
          title={`Remove ${member.name}?`}
          action="Remove"
          open={isRemoving}
          isBusy={remove.isPending}
          onClose={() => setRemoving(false)}
          onConfirm={() =>
            remove.mutate(member.id, { onSuccess: () => setRemoving(false), onError: sayError })
          }
        >
          They are logged out at once. What they did stays in the event log under their name.
        </Confirm>
      </td>
    </tr>
  );
}
