/** One colour for each kind of thing in a lineage. */
const tones: Readonly<Record<string, string>> = {
  asset: "var(--class-1)",
  artifact: "var(--ink-3)",
  clip: "var(--class-7)",
  dataset: "var(--class-3)",
  "dataset version": "var(--class-3)",
  version: "var(--class-3)",
  run: "var(--class-4)",
  checkpoint: "var(--class-4)",
  generation: "var(--class-0)",
  evaluation: "var(--class-5)",
  comparison: "var(--class-2)",
  project: "var(--class-6)",
};

export function nounTone(noun: string): string {
  return tones[noun.replace(/_/g, " ")] ?? "var(--ink-3)";
}
