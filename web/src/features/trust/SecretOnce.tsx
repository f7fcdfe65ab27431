import { Button } from "@/design/Button";
import { say, sayError } from "@/design/toasts";

type Props = { readonly label: string; readonly secret: string; readonly onClose: () => void };

/** A secret that the server shows this once. */
export function SecretOnce({ label, secret, onClose }: Props) {
  const copy = () => navigator.clipboard.writeText(secret).then(() => say("ok", "Copied"), sayError);
  return (
    <div className="stack">
      <p>{label}. It is shown now and never again.</p>
      <code className="secret">{secret}</code>
      <div className="foot">
        {/* Browsers give the clipboard only to secure contexts; elsewhere one click selects the whole. */}
        {window.isSecureContext && <Button onClick={() => void copy()}>Copy</Button>}
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}
