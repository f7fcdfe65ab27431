import { ShieldCheck } from "lucide-react";
import { TableScroll } from "@/design/TableScroll";
import { shortId } from "@/design/words";

/** Why each asset of a version may be used: what was declared when it was frozen, by value. */
export function RightsProof({ proof }: { readonly proof: object }) {
  const assets: unknown = Reflect.get(proof, "assets");
  const rows: unknown[] = Array.isArray(assets) ? assets : [];
  return (
    <section className="panel padded stack">
      <h2 className="row">
        <ShieldCheck size={16} className="ok-text" /> Rights proof
      </h2>
      {rows.length === 0 ? (
        <pre className="mono proof">{JSON.stringify(proof, null, 2)}</pre>
      ) : (
        <TableScroll label="Rights of each asset" tall>
          <table className="table">
            <thead>
              <tr>
                <th>Footage</th>
                <th>Licence</th>
                <th>Owner</th>
                <th>Uses</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={text(row, "asset_id")}>
                  <td>{text(row, "name") || shortId(text(row, "asset_id"))}</td>
                  <td>{text(row, "licence")}</td>
                  <td>{text(row, "owner")}</td>
                  <td>{text(row, "allowed_uses")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
    </section>
  );
}

function text(row: unknown, name: string): string {
  const value: unknown = typeof row === "object" && row !== null ? Reflect.get(row, name) : "";
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "string" ? value : "";
}
