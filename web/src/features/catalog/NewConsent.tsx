import { useState } from "react";
import { useAddConsent } from "@/api/catalog";
import { Button } from "@/design/Button";
import { sayError } from "@/design/toasts";

export function NewConsent({ assetId }: { readonly assetId: string }) {
  const add = useAddConsent(assetId);
  const [person, setPerson] = useState("");
  const submit = () =>
    add.mutate(
      {
        person_ref: person,
        uses: ["label", "train"],
        given_at: new Date().toISOString(),
        expires_at: null,
      },
      { onSuccess: () => setPerson(""), onError: sayError },
    );
  return (
    <>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
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
    </>
  );
}
