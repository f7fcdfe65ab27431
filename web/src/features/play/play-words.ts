/** What the page says of a game, in words. Pure. */
import { framesInWords } from "@/design/words";
import type { ChannelState } from "./channel";
import type { Span } from "./game-state";

type Words = { readonly title: string; readonly about: string };

const endings: Readonly<Record<string, Words>> = {
  closed: {
    title: "You ended this session",
    about: "Clips that you saved are among the generations; its journal is kept.",
  },
  ended: {
    title: "This session was ended",
    about: "Clips that you saved are among the generations; its journal is kept.",
  },
  idle: {
    title: "This session fell asleep",
    about: "Nobody was here for a few minutes, so its worker was freed.",
  },
  quota: {
    title: "Today's frames are used up",
    about: "Your organisation may imagine so many frames a day. The count begins anew tomorrow.",
  },
  full: { title: "This session is full", about: "It has imagined as many frames as one session may." },
  failed: { title: "This session failed", about: "What its job met is told in Jobs." },
  cancelled: { title: "This session's job was called off", about: "Somebody cancelled it in Jobs." },
  taken: {
    title: "Another window plays this session",
    about: "One at a time. Close the other one, then come in again.",
  },
};

/** Why a session is over. */
export function endingInWords(reason: string): Words {
  return endings[reason] ?? { title: "This session is over", about: reason };
}

/** What the line is waiting for; null when there is nothing to wait for. */
export function waitingInWords(line: ChannelState): Words | null {
  switch (line.kind) {
    case "connecting":
      return { title: "Connecting", about: "Finding the session." };
    case "waiting":
      return line.state === "queued"
        ? {
            title: "Waiting for a worker",
            about: "One is needed to imagine. Is `muybridge serve` running one?",
          }
        : { title: "Waking the network", about: "A worker has taken the session and loads the weights." };
    case "reconnecting":
      return {
        title: "The line was cut",
        about: `Dialling again, try ${line.attempt}. The session waits, and goes on where it stood.`,
      };
    default:
      return null;
  }
}

/** What to expect past what the network was trained on; null while it is within. */
export function beyondInWords(frame: number, window: number): string | null {
  return frame < window ? null : `beyond the ${window} frames it was trained on: expect drift`;
}

/** "frame 5", "frames 1 – 6". */
export function spanInWords({ start, end }: Span): string {
  return `${end - start === 1 ? "frame" : "frames"} ${framesInWords(start, end)}`;
}

/** 981248 -> "0.98 M". */
export function parametersInWords(count: number): string {
  const [size, name] = count >= 1e9 ? [1e9, "B"] : [1e6, "M"];
  return `${Number((count / size).toPrecision(count < 1e7 ? 2 : 3))} ${name}`;
}

/** A drift in frame heights, or what its absence means. */
export function driftInWords(drift: number | null, hasGhost: boolean): string {
  if (!hasGhost) return "–";
  return drift === null ? "not found" : drift.toFixed(3);
}
