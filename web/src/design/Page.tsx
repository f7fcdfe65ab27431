import type { ReactNode } from "react";
import { classNames } from "./class-names";

type Props = {
  readonly title: ReactNode;
  readonly crumb?: ReactNode;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  /** Fills the window and scrolls inside itself, as editors do. */
  readonly flush?: boolean;
  readonly children: ReactNode;
};

export function Page({ title, crumb, about, actions, flush = false, children }: Props) {
  return (
    <div className={classNames("page", flush && "flush")}>
      <header className="page-head">
        <div className="grow">
          {crumb}
          <h1>{title}</h1>
          {about !== undefined && <p>{about}</p>}
        </div>
        {actions !== undefined && <div className="row">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
