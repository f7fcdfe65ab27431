import { useQuery } from "@tanstack/react-query";
import { loginsQuery, useRevokeLogin } from "@/api/trust";
import { Badge } from "@/design/Badge";
import { Button } from "@/design/Button";
import { Problem } from "@/design/Problem";
import { TableScroll } from "@/design/TableScroll";
import { sayError } from "@/design/toasts";
import { When } from "@/design/When";
import { agentInWords } from "./agent-words";

/** Where the person is logged in; what they do not know they can end. */
export function LoginsPanel() {
  const logins = useQuery(loginsQuery);
  const revoke = useRevokeLogin();
  return (
    <section className="panel">
      <header>
        <h2>Your log-ins</h2>
      </header>
      {logins.isError && <Problem error={logins.error} />}
      <TableScroll label="Your log-ins">
        <table className="table">
          <thead>
            <tr>
              <th>Browser</th>
              <th>From</th>
              <th>By</th>
              <th>Since</th>
              <th>Last used</th>
              <th>
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {logins.data?.map((login) => (
              <tr key={login.id}>
                <td className="strong" title={login.user_agent}>
                  {agentInWords(login.user_agent)}
                </td>
                <td className="mono quiet">{login.address}</td>
                <td>{login.method}</td>
                <td>
                  <When at={login.created_at} />
                </td>
                <td>{login.last_used_at && <When at={login.last_used_at} />}</td>
                <td className="end">
                  {login.is_current ? (
                    <Badge tone="ok">this one</Badge>
                  ) : (
                    <Button
                      small
                      disabled={revoke.isPending}
                      onClick={() => revoke.mutate(login.id, { onError: sayError })}
                    >
                      Log out
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}
