import type { ReactNode } from "react";
import { classNames } from "./class-names";
import { useTitle } from "./use-title";

type Props = {
  /** Empty while it is not known yet. */
  readonly title: string;
  /** Beside the title: how the thing stands. */
  readonly mark?: ReactNode;
  readonly crumb?: ReactNode;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  /** Fills the window and scrolls inside itself, as editors do. */
  readonly flush?: boolean;
  readonly children: ReactNode;
};

export function Page({ title, mark, crumb, about, actions, flush = false, children }: Props) {
  useTitle(title);
  return (
    <div className={classNames("page", flush && "flush")}>
      <header className="page-head">
        <div className="grow">
          {crumb}
          <div className="row">
            <h1 title={title}>{title || "…"}</h1>
            {mark}
          </div>
          {about !== undefined && <p>{about}</p>}
        </div>
        {actions !== undefined && <div className="row page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
