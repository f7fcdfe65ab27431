import { describe, expect, it } from "vitest";
import {
  beyondInWords,
  driftInWords,
  endingInWords,
  parametersInWords,
  spanInWords,
  waitingInWords,
} from "./play-words";

describe("what the page says", () => {
  it("is honest past what was trained", () => {
    expect([beyondInWords(7, 8), beyondInWords(8, 8)]).toEqual([
      null,
      "beyond the 8 frames it was trained on: expect drift",
    ]);
  });

  it("names one frame and many", () => {
    expect([spanInWords({ start: 5, end: 6 }), spanInWords({ start: 1, end: 7 })]).toEqual([
      "frame 5",
      "frames 1 – 6",
    ]);
  });

  it("tells a worker that is missing from one that is waking", () => {
    const states = ["queued", "running"].map((state) =>
      waitingInWords({ kind: "waiting", state, detail: "" }),
    );
    expect(states.map((words) => words?.title)).toEqual(["Waiting for a worker", "Waking the network"]);
    expect(waitingInWords({ kind: "open" })).toBeNull();
  });

  it("knows every reason of the protocol, and repeats one that it does not know", () => {
    const reasons = ["closed", "ended", "idle", "quota", "full", "failed", "cancelled", "taken"];
    expect(new Set(reasons.map((reason) => endingInWords(reason).title)).size).toBe(reasons.length);
    expect(endingInWords("flooded").about).toBe("flooded");
  });

  it("writes parameters and drift as people read them", () => {
    expect([981_248, 28_400_000, 1_020_000_000].map(parametersInWords)).toEqual([
      "0.98 M",
      "28.4 M",
      "1.02 B",
    ]);
    expect([driftInWords(0.0304, true), driftInWords(null, true), driftInWords(null, false)]).toEqual([
      "0.030",
      "not found",
      "–",
    ]);
  });
});
