import type { ButtonHTMLAttributes, ReactNode } from "react";
import { classNames } from "./class-names";
import { Tip } from "./Tip";

type Props = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> & {
  readonly label: string;
  readonly icon: ReactNode;
  readonly hotkey?: string | undefined;
  readonly small?: boolean;
};

export function IconButton({ label, icon, hotkey, small, className, ...rest }: Props) {
  return (
    <Tip label={label} hotkey={hotkey}>
      <button
        type="button"
        aria-label={label}
        className={classNames("button ghost icon", small && "small", className)}
        {...rest}
      >
        {icon}
      </button>
    </Tip>
  );
}
