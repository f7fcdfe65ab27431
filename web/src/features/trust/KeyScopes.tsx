import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/trust";

type Props = { readonly scopes: readonly string[]; readonly onChange: (scopes: string[]) => void };

/** Narrows a key to some of what its role may do; nobody gives what they lack themselves. */
export function KeyScopes({ scopes, onChange }: Props) {
  const known = useQuery(meQuery).data?.permissions ?? [];
  const toggle = (scope: string) =>
    onChange(scopes.includes(scope) ? scopes.filter((other) => other !== scope) : [...scopes, scope]);
  return (
    <details className="scopes">
      <summary>{scopes.length === 0 ? "All that the role may do" : `Only ${scopes.join(", ")}`}</summary>
      <fieldset className="scope-grid" aria-label="Scopes">
        {known.map((scope) => (
          <label key={scope} className="check mono">
            <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
            {scope}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
