import type { ReactNode } from "react";
import { classNames } from "./class-names";

export type Tone = "plain" | "ok" | "warn" | "bad" | "info" | "accent";

type Props = {
  readonly tone?: Tone;
  /** A breathing dot: the thing is happening now. */
  readonly live?: boolean;
  readonly dot?: boolean;
  readonly title?: string | undefined;
  readonly children: ReactNode;
};

export function Badge({ tone = "plain", live = false, dot = false, title, children }: Props) {
  return (
    <span className={classNames("badge", tone, live && "live")} title={title}>
      {(live || dot) && <i className="dot" />}
      {children}
    </span>
  );
}
