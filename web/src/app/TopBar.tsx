import { Menu, X } from "lucide-react";
import { IconButton } from "@/design/IconButton";
import { Mark } from "./Mark";

type Props = { readonly isOpen: boolean; readonly onToggle: () => void };

/** On a telephone the rail stands behind this. */
export function TopBar({ isOpen, onToggle }: Props) {
  return (
    <header className="top-bar">
      <IconButton
        label={isOpen ? "Close the places" : "Places"}
        icon={isOpen ? <X size={18} /> : <Menu size={18} />}
        aria-expanded={isOpen}
        aria-controls="places"
        onClick={onToggle}
      />
      <Mark size={22} />
      <b>Muybridge</b>
    </header>
  );
}
