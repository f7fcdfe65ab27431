import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Socket } from "./channel";
import * as game from "./game";
import { pack } from "./protocol";
import { onTheWire, openingOnTheWire } from "./testing";

/** A session of which the test says what it answers. */
class FakeSession extends EventTarget implements Socket {
  binaryType: BinaryType = "blob";
  #heard: unknown[] = [];

  send(message: ArrayBuffer): void {
    this.#heard.push(JSON.parse(new TextDecoder().decode(message.slice(4))));
  }

  close(): void {
    this.dispatchEvent(new Event("close"));
  }

  says(...messages: readonly ArrayBuffer[]): void {
    for (const data of messages) this.dispatchEvent(new MessageEvent("message", { data }));
  }

  /** What it was told since it was last asked. */
  heard(): readonly unknown[] {
    const heard = this.#heard;
    this.#heard = [];
    return heard;
  }
}

let session: FakeSession;

/** A game of so many frames, paused at its end. */
beforeEach(() => {
  session = new FakeSession();
  game.join("ses_1", { dial: () => session, askForEnd: async () => null, now_ms: () => 0 });
  session.says(pack({ ...openingOnTheWire, actions: onTheWire.actions }));
  for (let frame = 0; frame < 10; frame += 1) session.says(onTheWire.frame(frame));
  session.heard();
});
afterEach(() => game.leave());

const now = game.useGame.getState;

describe("playing", () => {
  it("begins to move when a key goes down, and rests when it goes up", () => {
    game.press(2);
    game.press(2);
    game.press(3);
    session.says(onTheWire.frame(10, 3));
    game.release(2);
    game.release(3);
    expect(session.heard()).toEqual([
      { type: "act", action: 2 },
      { type: "play", fps: 8 },
      { type: "act", action: 3 },
      { type: "act", action: 0 },
    ]);
  });

  it("moves by a frame when a key goes down and up before the next", () => {
    game.press(2);
    game.release(2);
    session.says(onTheWire.frame(10));
    expect(session.heard()).toEqual([
      { type: "act", action: 2 },
      { type: "play", fps: 8 },
    ]);
    session.says(onTheWire.frame(11, 2), onTheWire.frame(12));
    expect(session.heard()).toEqual([{ type: "act", action: 0 }]);
  });

  it("rests at once where a pause comes before the frame", () => {
    game.press(2);
    game.release(2);
    game.pause();
    session.heard();
    session.says(pack({ type: "paused" }));
    expect(session.heard()).toEqual([{ type: "act", action: 0 }]);
  });

  it("looks back without a word to the session, and goes back only when the world goes on from there", () => {
    game.lookBy(-4);
    expect([now().lookingAt, session.heard()]).toEqual([5, []]);
    game.toggle();
    expect(session.heard()).toEqual([
      { type: "rewind", frame: 5 },
      { type: "play", fps: 8 },
    ]);
  });

  it("stops to look, and stands at the end again when one looks there", () => {
    game.play();
    game.look(3);
    expect([now().isPlaying, now().lookingAt]).toEqual([false, 3]);
    game.look(99);
    expect(now().lookingAt).toBeNull();
  });

  it("branches off where one looks, and drops nothing", () => {
    game.look(4);
    game.branchHere();
    expect(session.heard()).toEqual([{ type: "branch", branch: "b0", frame: 4 }]);
  });

  it("takes one step with what is held", () => {
    game.press(4);
    session.heard();
    game.step();
    expect([session.heard(), now().isPlaying]).toEqual([[{ type: "step", action: 4 }], false]);
  });

  it("says words that are more than blanks, and remembers them until they are heard", () => {
    game.say("  ");
    game.say(" the ball turns blue ");
    expect(session.heard()).toEqual([{ type: "say", text: "the ball turns blue" }]);
    expect(now().unheard).toEqual(["the ball turns blue"]);
  });

  it("keeps the ends of a marked span in order", () => {
    game.look(6);
    game.markStart();
    game.look(3);
    game.markEnd();
    expect(now().mark).toEqual({ start: 3, end: 4 });
    game.look(8);
    game.markEnd();
    expect(now().mark).toEqual({ start: 3, end: 9 });
  });

  it("goes round through the branches", () => {
    session.says(
      pack({ type: "branched", branch: "b1", from_branch: "b0", from_frame: 4, seed: 7 }),
      pack({ type: "switched", branch: "b1", frame: 4 }),
    );
    game.switchToNext();
    expect(session.heard()).toEqual([{ type: "switch", branch: "b0" }]);
  });

  it("promises nothing while nobody listens", () => {
    session.close();
    game.say("hello");
    game.play();
    expect([now().unheard, now().isPlaying, session.heard()]).toEqual([[], false, []]);
  });
});
