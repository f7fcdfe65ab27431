import { useState } from "react";
import { useGiveGrant } from "@/api/trust";
import type { Member, Role } from "@/api/types";
import { Button } from "@/design/Button";
import { sayError } from "@/design/toasts";

type Props = { readonly projectId: string; readonly members: readonly Member[] };

const roles: readonly Role[] = ["annotator", "reviewer", "creator", "manager"];

export function NewGrant({ projectId, members }: Props) {
  const give = useGiveGrant();
  const [actor_id, setActor] = useState("");
  const [role, setRole] = useState<Role>("annotator");
  const submit = () =>
    give.mutate(
      { actor_id, scope_id: projectId, role },
      { onSuccess: () => setActor(""), onError: sayError },
    );
  return (
    <form
      className="row wrap"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <select
        className="input compact"
        required
        aria-label="Member"
        value={actor_id}
        onChange={(event) => setActor(event.target.value)}
      >
        <option value="">Add someone…</option>
        {members.map((member) => (
          <option key={member.id} value={member.id}>
            {member.name} ({member.role})
          </option>
        ))}
      </select>
      <select
        className="input compact"
        aria-label="Role in this project"
        value={role}
        onChange={(event) => setRole(roles.find((known) => known === event.target.value) ?? "annotator")}
      >
        {roles.map((known) => (
          <option key={known}>{known}</option>
        ))}
      </select>
      <Button small type="submit" disabled={give.isPending}>
        Add
      </Button>
    </form>
  );
}
