import { Badge, type Tone } from "./Badge";

const tones: Readonly<Record<string, Tone>> = {
  queued: "plain",
  running: "accent",
  succeeded: "ok",
  failed: "bad",
  cancelled: "warn",
};

type Props = { readonly state: string; readonly progress?: number | null | undefined };

/** How a job stands, with its share done while it runs. */
export function StateBadge({ state, progress }: Props) {
  const isRunning = state === "running";
  return (
    <Badge tone={tones[state] ?? "plain"} live={isRunning}>
      {state}
      {isRunning && typeof progress === "number" && ` ${Math.round(progress * 100)} %`}
    </Badge>
  );
}
