import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { keysQuery } from "@/api/trust";
import { Button } from "@/design/Button";
import { useKeys } from "@/design/keys/use-keys";
import { More } from "@/design/More";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { TableScroll } from "@/design/TableScroll";
import { KeyRow } from "./KeyRow";
import { NewKey } from "./NewKey";

export function KeysPanel() {
  const keys = useInfiniteQuery(keysQuery);
  const [isNewOpen, setNewOpen] = useState(false);
  useKeys("People", [{ keys: "k", label: "New API key", run: () => setNewOpen(true) }]);
  return (
    <section className="panel">
      <header>
        <h2>API keys</h2>
        <Button small icon={<Plus size={14} />} hotkey="K" onClick={() => setNewOpen(true)}>
          New key
        </Button>
      </header>
      {keys.isError && <Problem error={keys.error} />}
      {keys.isPending && (
        <div className="panel-body">
          <Skeleton lines={1} height={28} />
        </div>
      )}
      {keys.data?.length === 0 && (
        <p className="quiet panel-body">
          None yet. People log in; programs use a key, sent as <code>Authorization: Bearer …</code>
        </p>
      )}
      {keys.data !== undefined && keys.data.length > 0 && (
        <TableScroll label="API keys">
          <table className="table">
            <thead>
              <tr>
                <th>Name</th>
                <th>Key</th>
                <th>Role</th>
                <th>Made</th>
                <th>Ends</th>
                <th>Last used</th>
                <th>
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {keys.data.map((key) => (
                <KeyRow key={key.id} apiKey={key} />
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      <More list={keys}>Older keys</More>
      <NewKey open={isNewOpen} onClose={() => setNewOpen(false)} />
    </section>
  );
}
