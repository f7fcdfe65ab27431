import { Link } from "@tanstack/react-router";
import type { LineageNode } from "@/api/types";
import { Badge } from "@/design/Badge";
import { plainWords, shortId } from "@/design/words";

type Props = { readonly nodes: readonly LineageNode[]; readonly isMore?: boolean };

/** What was made from footage, and is blocked with it; its files are not named one by one. */
export function MadeFromIt({ nodes, isMore = false }: Props) {
  const blocked = nodes.filter((node) => node.noun !== "artifact");
  if (blocked.length === 0 && !isMore) return <h3>Nothing was made from it.</h3>;
  return (
    <>
      <h3>Made from it, and blocked with it</h3>
      <ul className="stack" style={{ maxHeight: 220, overflow: "auto", gap: 6 }}>
        {blocked.map((node) => (
          <li key={node.id} className="row">
            <Badge>{plainWords(node.noun)}</Badge>
            <Link className="link clip-text" to="/lineage/$id" params={{ id: node.id }}>
              {node.title || shortId(node.id)}
            </Link>
          </li>
        ))}
      </ul>
      {isMore && <p className="quiet">And more, which revoking will list.</p>}
    </>
  );
}
