/** Which engines one may choose. Pure. */

export type EngineKnown = {
  readonly name: string;
  readonly kinds: readonly string[];
  /** What to install before it can be used; empty when it can. */
  readonly missing: string;
};

/** Those that make this kind with what is installed. */
export const enginesFor = <E extends EngineKnown>(engines: readonly E[], kind: string): readonly E[] =>
  engines.filter(({ kinds, missing }) => missing === "" && kinds.includes(kind));

/** What would bring the others, once each. */
export const whatIsMissing = (engines: readonly EngineKnown[]): string =>
  [...new Set(engines.map(({ missing }) => missing).filter((missing) => missing !== ""))].join(" ");
