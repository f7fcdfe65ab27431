import { useInfiniteQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { keysQuery, useRevokeKey } from "@/api/trust";
import { Badge } from "@/design/Badge";
import { Button } from "@/design/Button";
import { Problem } from "@/design/Problem";
import { sayError } from "@/design/toasts";
import { When } from "@/design/When";
import { NewKey } from "./NewKey";

export function KeysPanel() {
  const keys = useInfiniteQuery(keysQuery);
  const revoke = useRevokeKey();
  const [isNewOpen, setNewOpen] = useState(false);
  return (
    <section className="panel">
      <header>
        <h2>API keys</h2>
        <Button small icon={<Plus size={14} />} onClick={() => setNewOpen(true)}>
          New key
        </Button>
      </header>
      {keys.isError && <Problem error={keys.error} />}
      {keys.data?.length === 0 && (
        <p className="quiet" style={{ padding: 16 }}>
          <KeyRound size={14} style={{ display: "inline", verticalAlign: -2 }} /> None yet. Programs use keys;
          people log in.
        </p>
      )}
      {keys.data !== undefined && keys.data.length > 0 && (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>Name</th>
                <th>Key</th>
                <th>Role</th>
                <th>Made</th>
                <th>Last used</th>
                <th aria-label="Actions" />
              </tr>
            </thead>
            <tbody>
              {keys.data.map((key) => (
                <tr key={key.id}>
                  <td style={{ fontWeight: 500 }}>{key.name}</td>
                  <td className="mono quiet">
                    {key.prefix}…{key.hint}
                  </td>
                  <td>{key.role}</td>
                  <td>
                    <When at={key.created_at} />
                  </td>
                  <td>
                    {key.last_used_at ? <When at={key.last_used_at} /> : <span className="quiet">never</span>}
                  </td>
                  <td className="end">
                    {key.revoked_at ? (
                      <Badge tone="bad">revoked</Badge>
                    ) : (
                      <Button
                        small
                        kind="danger"
                        onClick={() => revoke.mutate(key.id, { onError: sayError })}
                      >
                        Revoke
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <NewKey open={isNewOpen} onClose={() => setNewOpen(false)} />
    </section>
  );
}
