import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/api/client";
import { type ChannelState, openChannel, type Socket } from "./channel";
import { pack, unpack } from "./protocol";
import { openingOnTheWire } from "./testing";

class FakeSocket extends EventTarget implements Socket {
  binaryType: BinaryType = "blob";
  readonly sent: ArrayBuffer[] = [];
  send(message: ArrayBuffer): void {
    this.sent.push(message);
  }
  close(): void {
    this.dispatchEvent(new Event("close"));
  }
  hears(message: object): void {
    this.dispatchEvent(new MessageEvent("message", { data: pack(message) }));
  }
}

function aChannel(askForEnd: () => Promise<string | null> = async () => null) {
  const sockets: FakeSocket[] = [];
  const states: ChannelState[] = [];
  const channel = openChannel({
    dial: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    askForEnd,
    onMessage: () => undefined,
    onState: (state) => states.push(state),
  });
  const newest = () => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error("nothing was dialled");
    return socket;
  };
  return { channel, sockets, states, newest, kinds: () => states.map(({ kind }) => kind) };
}

describe("a channel", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("sends nothing before the session has opened", () => {
    const { channel, newest, kinds } = aChannel();
    newest().hears({ type: "waiting", state: "queued", detail: "for a worker" });
    expect(channel.send({ type: "pause" })).toBe(false);
    newest().hears(openingOnTheWire);
    expect(channel.send({ type: "pause" })).toBe(true);
    expect(newest().sent).toEqual([pack({ type: "pause" })]);
    expect(kinds()).toEqual(["connecting", "waiting", "open"]);
  });

  it("dials again, ever more patiently, when the line is cut", async () => {
    const { channel, sockets, newest, states } = aChannel();
    newest().hears(openingOnTheWire);
    newest().close();
    await vi.advanceTimersByTimeAsync(499);
    expect(channel.send({ type: "pause" })).toBe(false);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    newest().close();
    await vi.advanceTimersByTimeAsync(999);
    expect(sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(sockets).toHaveLength(3);
    expect(states.slice(2)).toEqual([
      { kind: "reconnecting", attempt: 1 },
      { kind: "reconnecting", attempt: 2 },
    ]);
  });

  it("does not dial again when the session says that it is over, or its row does", async () => {
    const said = aChannel();
    said.newest().hears({ type: "closed", reason: "idle" });
    said.newest().close();
    const asked = aChannel(async () => "quota");
    asked.newest().close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([said.states.at(-1), asked.states.at(-1)]).toEqual([
      { kind: "closed", reason: "idle" },
      { kind: "closed", reason: "quota" },
    ]);
    expect([said.sockets.length, asked.sockets.length]).toEqual([1, 1]);
  });

  it("goes on when a worker was lost, and when an old page of ours still holds the session", async () => {
    for (const reason of ["lost", "taken"]) {
      const { newest, sockets, kinds } = aChannel();
      newest().hears({ type: "closed", reason });
      newest().close();
      await vi.advanceTimersByTimeAsync(500);
      newest().hears(openingOnTheWire);
      expect([sockets.length, kinds().at(-1)]).toEqual([2, "open"]);
    }
  });

  it("says so when another window keeps the session", async () => {
    const { newest, states } = aChannel();
    for (let time = 0; time < 5; time += 1) {
      newest().hears({ type: "closed", reason: "taken" });
      newest().close();
      await vi.advanceTimersByTimeAsync(5000);
    }
    expect(states.at(-1)).toEqual({ kind: "closed", reason: "taken" });
  });

  it("gives up where the session may not be seen, but not where nobody answers", async () => {
    const refusal = new ApiError(404, { detail: "There is no session ses_1." });
    const refused = aChannel(() => Promise.reject(refusal));
    const silent = aChannel(() => Promise.reject(new ApiError(0, {})));
    for (const { newest } of [refused, silent]) newest().close();
    await vi.advanceTimersByTimeAsync(10);
    expect(refused.states.at(-1)).toEqual({ kind: "refused", error: refusal });
    expect(silent.states.at(-1)).toEqual({ kind: "reconnecting", attempt: 1 });
  });

  it("does nothing more once it is hung up", async () => {
    const { channel, newest, sockets, kinds } = aChannel();
    channel.hangUp();
    newest().hears(openingOnTheWire);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([sockets.length, kinds()]).toEqual([1, ["connecting"]]);
  });

  it("opens what it sends as the protocol says", () => {
    expect(unpack(pack(openingOnTheWire))).toMatchObject({
      type: "opened",
      branches: [{ id: "b0", numFrames: 1, said: [{ frame: 0, words: "a red circle" }] }],
    });
  });
});
