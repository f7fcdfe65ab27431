import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { consentsQuery, useAddConsent } from "@/api/catalog";
import { Badge } from "@/design/Badge";
import { Button } from "@/design/Button";
import { sayError } from "@/design/toasts";
import { When } from "@/design/When";

export function Consents({ assetId }: { readonly assetId: string }) {
  const consents = useQuery(consentsQuery(assetId));
  const add = useAddConsent(assetId);
  const [person, setPerson] = useState("");
  return (
    <section className="stack">
      <h3>Consents of people shown</h3>
      {consents.data?.length === 0 && <p className="quiet">None recorded.</p>}
      <ul className="seen-list">
        {consents.data?.map((consent) => (
          <li key={consent.id}>
            <b className="clip-text">{consent.person_ref}</b>
            <When at={consent.given_at} />
            <span className="quiet">for {consent.uses.join(", ") || "no use"}</span>
            {consent.revoked_at !== null && <Badge tone="bad">withdrawn</Badge>}
          </li>
        ))}
      </ul>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(
            {
              person_ref: person,
              uses: ["label", "train"],
              given_at: new Date().toISOString(),
              expires_at: null,
            },
            { onSuccess: () => setPerson(""), onError: sayError },
          );
        }}
      >
        <input
          className="input"
          required
          placeholder="A name or your own reference"
          aria-label="Person who consents"
          value={person}
          onChange={(event) => setPerson(event.target.value)}
        />
        <Button type="submit" disabled={add.isPending}>
          Add
        </Button>
      </form>
      <p className="quiet">A consent added here allows labelling and training.</p>
    </section>
  );
}
