import { Link } from "@tanstack/react-router";
import { Keyboard, Moon, Sun } from "lucide-react";
import type { ReactNode } from "react";
import { useMay } from "@/api/trust";
import type { Me } from "@/api/types";
import { IconButton } from "@/design/IconButton";
import { Tip } from "@/design/Tip";
import { AccountMenu } from "./AccountMenu";
import { Mark } from "./Mark";
import { groups, places } from "./places";
import { useTheme } from "./theme";

type Props = {
  readonly me: Me;
  readonly onHelp: () => void;
  readonly onLeave: () => void;
  /** Above the account: what is at work. */
  readonly children: ReactNode;
};

export function Rail({ me, onHelp, onLeave, children }: Props) {
  const { theme, toggle } = useTheme();
  const may = useMay();
  const open = places.filter((place) => may(place.needs));
  return (
    <nav className="rail" id="places" aria-label="Places">
      <Link to="/catalogue" className="brand" aria-label="Muybridge" onClick={onLeave}>
        <Mark />
        <span>Muybridge</span>
      </Link>
      {groups
        .filter((group) => open.some((place) => place.group === group))
        .map((group) => (
          <section key={group} aria-label={group}>
            <div className="group">{group}</div>
            {open
              .filter((place) => place.group === group)
              .map((place) => (
                <Tip key={place.to} label={place.name} hotkey={`G ${place.key.toUpperCase()}`} side="right">
                  <Link
                    to={place.to}
                    className="place"
                    aria-label={place.name}
                    activeProps={{ "data-active": true }}
                    onClick={onLeave}
                  >
                    <place.icon size={16} strokeWidth={1.8} />
                    <span>{place.name}</span>
                  </Link>
                </Tip>
              ))}
          </section>
        ))}
      {children}
      <div className="rail-foot">
        <AccountMenu me={me} />
        <IconButton
          small
          label={theme === "dark" ? "Light theme" : "Dark theme"}
          hotkey="⇧D"
          icon={theme === "dark" ? <Sun size={15} /> : <Moon size={15} />}
          onClick={toggle}
        />
        <IconButton small label="Keys" hotkey="?" icon={<Keyboard size={15} />} onClick={onHelp} />
      </div>
    </nav>
  );
}
