import { say, sayError } from "./toasts";
import { shortId } from "./words";

type Props = { readonly id: string };

/** The prefix and the end of an id; a click copies it whole. */
export function ShortId({ id }: Props) {
  return (
    <button
      type="button"
      className="short-id mono"
      title={`Copy ${id}`}
      onClick={() => void navigator.clipboard?.writeText(id).then(() => say("ok", "Copied", id), sayError)}
    >
      {shortId(id)}
    </button>
  );
}
