import { Link } from "@tanstack/react-router";
import { Keyboard, Moon, Sun } from "lucide-react";
import type { Me } from "@/api/types";
import { IconButton } from "@/design/IconButton";
import { Tip } from "@/design/Tip";
import { AccountMenu } from "./AccountMenu";
import { Mark } from "./Mark";
import { groups, places } from "./places";
import { useTheme } from "./theme";

type Props = { readonly me: Me; readonly onHelp: () => void };

export function Rail({ me, onHelp }: Props) {
  const { theme, toggle } = useTheme();
  return (
    <nav className="rail" aria-label="Places">
      <Link to="/catalogue" className="brand" aria-label="Muybridge">
        <Mark />
        <span>Muybridge</span>
      </Link>
      {groups.map((group) => (
        <section key={group}>
          <h3>{group}</h3>
          {places
            .filter((place) => place.group === group)
            .map((place) => (
              <Tip key={place.to} label={place.name} hotkey={`G ${place.key.toUpperCase()}`} side="right">
                <Link to={place.to} className="place" activeProps={{ "data-active": true }}>
                  <place.icon size={16} strokeWidth={1.8} />
                  <span>{place.name}</span>
                </Link>
              </Tip>
            ))}
        </section>
      ))}
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
