import { useNavigate } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { logOut } from "@/api/trust";
import type { Me } from "@/api/types";
import { sayError } from "@/design/toasts";

export function AccountMenu({ me }: { readonly me: Me }) {
  const navigate = useNavigate();
  const leave = async () => {
    await logOut();
    await navigate({ to: "/login" });
  };
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="account" aria-label={`Account of ${me.name}`}>
        <span className="avatar">{initials(me.name || me.email)}</span>
        <span className="clip-text">{me.name || me.email}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" side="top" align="start" sideOffset={8}>
          <div className="menu-head">
            <b>{me.name || me.email}</b>
            <div className="quiet">
              {me.role} at {me.tenant.name}
            </div>
          </div>
          <DropdownMenu.Item className="menu-item" onSelect={() => void leave().catch(sayError)}>
            <LogOut size={15} /> Log out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s@.]+/).filter(Boolean);
  return `${words[0]?.[0] ?? ""}${words[1]?.[0] ?? ""}`.toUpperCase();
}
