import { Link } from "@tanstack/react-router";

/** Assets with the very same bytes, each of which may still be used until it is revoked too. */
export function Twins({ ids }: { readonly ids: readonly string[] }) {
  if (ids.length === 0) return null;
  return (
    <>
      <h3>The same bytes, and not revoked</h3>
      <ul className="stack" style={{ maxHeight: 220, overflow: "auto", gap: 6 }}>
        {ids.map((assetId) => (
          <li key={assetId}>
            <Link className="link mono" to="/assets/$assetId" params={{ assetId }} search={{ tab: "rights" }}>
              {assetId}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
