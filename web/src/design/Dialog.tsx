import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names";

type Props = {
  readonly title: string;
  readonly description?: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ReactNode;
};

/** Takes the focus, keeps it, and gives it back; Escape, the cross and a click beside it close it. */
export function Dialog({ title, description, open, onClose, wide, children }: Props) {
  const described = description === undefined ? { "aria-describedby": undefined } : {};
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className={classNames("dialog", wide && "wide")} {...described}>
          <div className="stack head">
            <Radix.Title asChild>
              <h2>{title}</h2>
            </Radix.Title>
            {description !== undefined && (
              <Radix.Description className="quiet">{description}</Radix.Description>
            )}
          </div>
          {children}
          {/* Last in the order of tabs, so that a dialog opens on its first field. */}
          <Radix.Close className="button ghost icon small close" aria-label="Close">
            <X size={15} />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
