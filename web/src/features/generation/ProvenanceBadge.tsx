import { ShieldAlert, ShieldCheck } from "lucide-react";
import { Badge } from "@/design/Badge";
import { provenance } from "./generation-words";

export function ProvenanceBadge({ verified }: { readonly verified: string | null }) {
  const { name, tone, about } = provenance(verified);
  return (
    <Badge tone={tone} title={about}>
      {tone === "ok" ? <ShieldCheck size={12} /> : <ShieldAlert size={12} />}
      {name}
    </Badge>
  );
}
