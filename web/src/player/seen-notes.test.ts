import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { frameIndex } from "@/units";
import { SeenNotes } from "./seen-notes";
import type { SeenSpan } from "./seen-spans";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What is sent and after how many seconds; the first answers are refusals to be tried again. */
function sending(numFailures: number) {
  const began = Date.now();
  const sent: { at_s: number; span: SeenSpan }[] = [];
  const notes = new SeenNotes(async (span) => {
    sent.push({ at_s: (Date.now() - began) / 1000, span });
    if (sent.length <= numFailures) throw new Error("The server does not answer.");
  });
  return { notes, sent };
}

it("notes what was seen once, a few seconds later", async () => {
  const { notes, sent } = sending(0);
  notes.see(frameIndex(7));
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(sent).toEqual([{ at_s: 5, span: { start_frame: 7, end_frame: 8 } }]);
});

it("waits twice as long after each failure, and sends what was seen since along with it", async () => {
  const { notes, sent } = sending(3);
  notes.see(frameIndex(7));
  await vi.advanceTimersByTimeAsync(6000);
  notes.see(frameIndex(8));
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(sent.map(({ at_s }) => at_s)).toEqual([5, 15, 35, 75]);
  expect(sent.at(-1)?.span).toEqual({ start_frame: 7, end_frame: 9 });
});

it("waits five minutes at most", async () => {
  const { notes, sent } = sending(Number.POSITIVE_INFINITY);
  notes.see(frameIndex(7));
  await vi.advanceTimersByTimeAsync(3_600_000);
  const [before = 0, last = 0] = sent.slice(-2).map(({ at_s }) => at_s);
  expect(last - before).toBe(300);
});

it("is in no hurry again once a note was taken", async () => {
  const { notes, sent } = sending(1);
  notes.see(frameIndex(7));
  await vi.advanceTimersByTimeAsync(60_000);
  notes.see(frameIndex(50));
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent.map(({ at_s }) => at_s)).toEqual([5, 15, 65]);
});

it("sends at once when the page closes", () => {
  const { notes, sent } = sending(0);
  notes.see(frameIndex(7));
  void notes.flush();
  expect(sent.map(({ at_s }) => at_s)).toEqual([0]);
});
