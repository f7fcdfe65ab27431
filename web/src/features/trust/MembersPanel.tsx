import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Plus, UserMinus } from "lucide-react";
import { useState } from "react";
import { membersQuery, meQuery, useChangeRole, useRemoveMember } from "@/api/trust";
import { Button } from "@/design/Button";
import { IconButton } from "@/design/IconButton";
import { useKeys } from "@/design/keys/use-keys";
import { Problem } from "@/design/Problem";
import { sayError } from "@/design/toasts";
import { When } from "@/design/When";
import { NewMember } from "./NewMember";
import { roleFrom, roles } from "./roles";

export function MembersPanel() {
  const members = useInfiniteQuery(membersQuery);
  const me = useQuery(meQuery);
  const change = useChangeRole();
  const remove = useRemoveMember();
  const [isNewOpen, setNewOpen] = useState(false);
  useKeys("People", [{ keys: "n", label: "Invite someone", run: () => setNewOpen(true) }]);
  return (
    <section className="panel">
      <header>
        <h2>Members</h2>
        <Button small icon={<Plus size={14} />} hotkey="N" onClick={() => setNewOpen(true)}>
          Invite
        </Button>
      </header>
      {members.isError && <Problem error={members.error} />}
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>Name</th>
              <th>E-mail</th>
              <th>Role</th>
              <th>Since</th>
              <th aria-label="Actions" />
            </tr>
          </thead>
          <tbody>
            {members.data?.map((member) => (
              <tr key={member.id}>
                <td style={{ fontWeight: 500 }}>{member.name}</td>
                <td className="quiet">{member.email}</td>
                <td>
                  <select
                    className="input"
                    style={{ width: 130, height: 28 }}
                    aria-label={`Role of ${member.name}`}
                    value={member.role}
                    disabled={member.id === me.data?.id}
                    onChange={(event) =>
                      change.mutate(
                        { id: member.id, role: roleFrom(event.target.value) },
                        { onError: sayError },
                      )
                    }
                  >
                    {roles.map((role) => (
                      <option key={role.value}>{role.value}</option>
                    ))}
                  </select>
                </td>
                <td>
                  <When at={member.created_at} />
                </td>
                <td className="end">
                  {member.id !== me.data?.id && (
                    <IconButton
                      small
                      label={`Remove ${member.name}`}
                      icon={<UserMinus size={14} />}
                      onClick={() => remove.mutate(member.id, { onError: sayError })}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <NewMember open={isNewOpen} onClose={() => setNewOpen(false)} />
    </section>
  );
}
