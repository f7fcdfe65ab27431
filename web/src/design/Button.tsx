import type { ButtonHTMLAttributes, ReactNode } from "react";
import { classNames } from "./class-names";
import { Kbd } from "./Kbd";

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  readonly kind?: "plain" | "primary" | "ghost" | "danger";
  readonly small?: boolean;
  /** The key that does the same, shown beside the label. */
  readonly hotkey?: string | undefined;
  readonly icon?: ReactNode;
};

export function Button({ kind = "plain", small, hotkey, icon, className, children, ...rest }: Props) {
  return (
    <button type="button" className={classNames("button", kind, small && "small", className)} {...rest}>
      {icon}
      {children}
      {hotkey !== undefined && <Kbd>{hotkey}</Kbd>}
    </button>
  );
}
