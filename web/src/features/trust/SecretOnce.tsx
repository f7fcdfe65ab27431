import { Button } from "@/design/Button";

type Props = { readonly label: string; readonly secret: string; readonly onClose: () => void };

/** A secret that the server shows this once. */
export function SecretOnce({ label, secret, onClose }: Props) {
  return (
    <div className="stack">
      <p>{label}. It is shown now and never again.</p>
      <code className="secret">{secret}</code>
      <div className="foot">
        <Button onClick={() => void navigator.clipboard?.writeText(secret)}>Copy</Button>
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}
