import { type ReactNode, useEffect, useState } from "react";
import { classNames } from "./class-names";

type Props = {
  /** What the table lists, for whoever arrives here by key. */
  readonly label: string;
  /** Scrolls inside itself instead of growing down the page. */
  readonly tall?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
};

/** A table that may be wider than its place. It is a stop of the tab key only while it can be scrolled. */
export function TableScroll({ label, tall = false, className, children }: Props) {
  const [box, setBox] = useState<HTMLElement | null>(null);
  const [isScrollable, setScrollable] = useState(false);
  useEffect(() => {
    if (box === null) return;
    const look = () =>
      setScrollable(box.scrollWidth > box.clientWidth || (tall && box.scrollHeight > box.clientHeight));
    const sizes = new ResizeObserver(look);
    for (const watched of [box, ...box.children]) sizes.observe(watched);
    return () => sizes.disconnect();
  }, [box, tall]);
  return (
    <section
      ref={setBox}
      className={classNames("table-scroll", tall && "tall", className)}
      aria-label={label}
      {...(isScrollable ? { tabIndex: 0 } : {})}
    >
      {children}
    </section>
  );
}
