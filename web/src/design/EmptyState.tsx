import type { ReactNode } from "react";

type Props = {
  readonly title: string;
  readonly icon: ReactNode;
  /** What to do next, in a sentence or two. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
};

export function EmptyState({ title, icon, children, action }: Props) {
  return (
    <section className="empty">
      <div className="art">{icon}</div>
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </section>
  );
}
