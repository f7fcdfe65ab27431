import { useNavigate } from "@tanstack/react-router";
import { KeyRound, LogOut } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { logOut } from "@/api/trust";
import type { Me } from "@/api/types";
import { sayError } from "@/design/toasts";
import { PasswordDialog } from "./PasswordDialog";

export function AccountMenu({ me }: { readonly me: Me }) {
  const navigate = useNavigate();
  const [isPasswordOpen, setPasswordOpen] = useState(false);
  const leave = async () => {
    await logOut();
    await navigate({ to: "/login" });
  };
  return (
    <>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger className="account">
          <span className="avatar" aria-hidden="true">
            {initials(me.name || me.email)}
          </span>
          <span className="clip-text">{me.name || me.email}</span>
          <span className="visually-hidden">Account</span>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" side="top" align="start" sideOffset={8}>
            <div className="menu-head">
              <b>{me.name || me.email}</b>
              <div className="quiet">
                {me.role} at {me.tenant.name}
              </div>
            </div>
            <DropdownMenu.Item className="menu-item" onSelect={() => setPasswordOpen(true)}>
              <KeyRound size={15} /> Password…
            </DropdownMenu.Item>
            <DropdownMenu.Item className="menu-item" onSelect={() => void leave().catch(sayError)}>
              <LogOut size={15} /> Log out
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <PasswordDialog open={isPasswordOpen} onClose={() => setPasswordOpen(false)} />
    </>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s@.]+/).filter(Boolean);
  return `${words[0]?.[0] ?? ""}${words[1]?.[0] ?? ""}`.toUpperCase();
}
