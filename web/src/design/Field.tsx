import type { ReactNode } from "react";

type Props = { readonly label: string; readonly hint?: ReactNode; readonly children: ReactNode };

/** A label over its control. The control stands inside the label, so a click on the name focuses it. */
export function Field({ label, hint, children }: Props) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="field">
      <span className="name">{label}</span>
      {children}
      {hint !== undefined && <span className="hint">{hint}</span>}
    </label>
  );
}
