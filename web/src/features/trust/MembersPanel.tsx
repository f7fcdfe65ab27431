import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { membersQuery, meQuery, useMay } from "@/api/trust";
import { Button } from "@/design/Button";
import { useKeys } from "@/design/keys/use-keys";
import { More } from "@/design/More";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { TableScroll } from "@/design/TableScroll";
import { MemberRow } from "./MemberRow";
import { NewMember } from "./NewMember";

export function MembersPanel() {
  const members = useInfiniteQuery(membersQuery);
  const me = useQuery(meQuery);
  const mayManage = useMay()("trust.manage");
  const [isNewOpen, setNewOpen] = useState(false);
  useKeys("People", [
    { keys: "n", label: "Invite someone", isEnabled: mayManage, run: () => setNewOpen(true) },
  ]);
  return (
    <section className="panel">
      <header>
        <h2>Members</h2>
        {mayManage && (
          <Button small icon={<Plus size={14} />} hotkey="N" onClick={() => setNewOpen(true)}>
            Invite
          </Button>
        )}
      </header>
      {members.isError && <Problem error={members.error} />}
      {members.isPending && (
        <div className="panel-body">
          <Skeleton lines={2} height={28} />
        </div>
      )}
      {members.data !== undefined && (
        <TableScroll label="Members">
          <table className="table">
            <thead>
              <tr>
                <th>Name</th>
                <th>E-mail</th>
                <th>Role</th>
                <th>Logs in by</th>
                <th>Since</th>
                <th>
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {members.data.map((member) => (
                <MemberRow
                  key={member.id}
                  member={member}
                  isMe={member.id === me.data?.id}
                  mayManage={mayManage}
                />
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      <More list={members}>More members</More>
      <NewMember open={isNewOpen} onClose={() => setNewOpen(false)} />
    </section>
  );
}
