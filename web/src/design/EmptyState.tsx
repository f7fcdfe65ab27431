import type { ReactNode } from "react";

type Props = {
  readonly title: string;
  readonly icon: ReactNode;
  /** What to do next, in a sentence or two. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
  /** The page has no other heading. */
  readonly isWholePage?: boolean;
};

export function EmptyState({ title, icon, children, action, isWholePage = false }: Props) {
  return (
    <section className="empty">
      <div className="art">{icon}</div>
      {isWholePage ? <h1>{title}</h1> : <h2>{title}</h2>}
      <p>{children}</p>
      {action}
    </section>
  );
}
