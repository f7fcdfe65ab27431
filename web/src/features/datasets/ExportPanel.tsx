import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { formatsQuery, useExportVersion } from "@/api/datasets";
import { Button } from "@/design/Button";
import { say, sayError } from "@/design/toasts";

export function ExportPanel({ versionId }: { readonly versionId: string }) {
  const formats = useQuery(formatsQuery).data ?? [];
  const [picked, setFormat] = useState("");
  const format = picked || (formats[0] ?? "");
  const write = useExportVersion(versionId);
  return (
    <section className="panel padded stack">
      <h2>Export</h2>
      <p className="quiet">The same version always gives the same bytes. An export is an event of its own.</p>
      <div className="row">
        <select
          className="input"
          style={{ width: 160 }}
          aria-label="Format"
          value={format}
          onChange={(event) => setFormat(event.target.value)}
        >
          {formats.map((known) => (
            <option key={known}>{known}</option>
          ))}
        </select>
        <Button
          disabled={write.isPending}
          onClick={() =>
            write.mutate(format, {
              onSuccess: () => say("ok", "The export is being written"),
              onError: sayError,
            })
          }
        >
          Export
        </Button>
      </div>
    </section>
  );
}
