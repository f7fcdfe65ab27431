import { describe, expect, it } from "vitest";
import { BadMessage, pack, unpack } from "./protocol";

const frame = { type: "frame", branch: "b0", frame: 12, action: 2, said: null, ms: 41, drift: 0.03 };

describe("the protocol", () => {
  it("lays a message out as 4 bytes of length, big-endian, and a header", () => {
    const packed = new Uint8Array(pack({ type: "pause" }));
    expect([...packed.subarray(0, 4)]).toEqual([0, 0, 0, 16]);
    expect(new TextDecoder().decode(packed.subarray(4))).toBe('{"type":"pause"}');
  });

  it("reads the imagined picture, and the ghost's behind it", () => {
    const message = unpack(
      pack({ ...frame, ghost: true, is_imagined: true }, new Uint8Array([1, 2, 3, 7, 8, 9])),
    );
    expect(message).toEqual({
      type: "frame",
      branch: "b0",
      frame: 12,
      action: 2,
      said: null,
      ms: 41,
      drift: 0.03,
      ghostNote: "",
      isImagined: true,
      isAgain: false,
      picture: new Uint8Array([1, 2, 3]),
      ghost: new Uint8Array([7, 8, 9]),
    });
  });

  it("takes all of the payload for the picture where there is no ghost, and says why", () => {
    const lost = { ...frame, ghost: false, ghost_note: "The true scene has ended." };
    expect(unpack(pack(lost, new Uint8Array([1, 2, 3])))).toMatchObject({
      picture: new Uint8Array([1, 2, 3]),
      ghost: null,
      ghostNote: "The true scene has ended.",
    });
  });

  it("keeps words of any language whole", () => {
    const said = "la balle devient bleue 🔵";
    expect(unpack(pack({ ...frame, said, ghost: false }, new Uint8Array(3)))).toMatchObject({ said });
  });

  it("reads a branch, and a restart as a branch from nothing", () => {
    const branched = { type: "branched", branch: "b1", from_branch: "b0", from_frame: 4, seed: 3 };
    expect(unpack(pack(branched))).toEqual({
      type: "branched",
      id: "b1",
      seed: 3,
      fromBranch: "b0",
      fromFrame: 4,
    });
    expect(unpack(pack({ ...branched, from_branch: null, from_frame: null }))).toMatchObject({
      fromBranch: null,
    });
  });

  it("passes over what a newer server says", () => {
    expect(unpack(pack({ type: "confetti" }))).toBeNull();
  });

  it.each([
    ["a message that is cut off", pack({ type: "paused" }).slice(0, 9)],
    ["no header at all", new ArrayBuffer(2)],
    ["a field of another kind", pack({ type: "playing", fps: "8" })],
    ["pictures that are cut short", pack({ ...frame, ghost: true }, new Uint8Array(5))],
  ])("refuses %s", (_, message) => {
    expect(() => unpack(message)).toThrow(BadMessage);
  });
});
