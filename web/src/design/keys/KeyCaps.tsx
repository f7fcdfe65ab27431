import { Kbd } from "../Kbd";
import { keyCaps } from "./keymap";

export function KeyCaps({ keys }: { readonly keys: string }) {
  return (
    <span className="row" style={{ gap: 3 }}>
      {keyCaps(keys).map((cap, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a chord's caps have no other identity
        <Kbd key={index}>{cap}</Kbd>
      ))}
    </span>
  );
}
