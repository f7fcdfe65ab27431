import { useQuery } from "@tanstack/react-query";
import { consentsQuery } from "@/api/catalog";
import { ConsentRow } from "./ConsentRow";
import { NewConsent } from "./NewConsent";

type Props = { readonly assetId: string; readonly mayDeclare: boolean };

export function Consents({ assetId, mayDeclare }: Props) {
  const consents = useQuery(consentsQuery(assetId));
  return (
    <section className="stack">
      <h2 className="small">Consents of people shown</h2>
      {consents.data?.length === 0 && <p className="quiet">None recorded.</p>}
      <ul className="seen-list">
        {consents.data?.map((consent) => (
          <ConsentRow key={consent.id} consent={consent} mayWithdraw={mayDeclare} />
        ))}
      </ul>
      {mayDeclare && <NewConsent assetId={assetId} />}
    </section>
  );
}
