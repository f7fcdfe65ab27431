import { useQuery } from "@tanstack/react-query";
import { rightsQuery } from "@/api/catalog";
import { useMay } from "@/api/trust";
import { Badge } from "@/design/Badge";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { When } from "@/design/When";
import { Consents } from "./Consents";
import { RevokeRights } from "./RevokeRights";
import { RightsForm } from "./RightsForm";

export function RightsTab({ assetId }: { readonly assetId: string }) {
  const rights = useQuery(rightsQuery(assetId));
  const mayDeclare = useMay()("catalog.rights");
  if (rights.isError) return <Problem error={rights.error} />;
  if (rights.data === undefined) return <Skeleton lines={7} height={32} />;
  const { revoked_at, revoked_reason, declared_by } = rights.data;
  return (
    <div className="stack wide">
      {revoked_at !== null && (
        <div className="problem">
          <div>
            <b>
              Revoked <When at={revoked_at} />
            </b>
            <div className="remedy">{revoked_reason}</div>
            {mayDeclare && <div className="remedy">To allow its use again, declare its rights anew.</div>}
          </div>
        </div>
      )}
      {declared_by === null && (
        <p className="quiet">
          <Badge tone="warn">not declared</Badge> Until someone declares its rights, this footage may be
          labelled and nothing else.
        </p>
      )}
      <RightsForm
        key={JSON.stringify(rights.data)}
        assetId={assetId}
        rights={rights.data}
        mayDeclare={mayDeclare}
      />
      <Consents assetId={assetId} mayDeclare={mayDeclare} />
      {mayDeclare && <RevokeRights key={assetId} assetId={assetId} isRevoked={revoked_at !== null} />}
    </div>
  );
}
