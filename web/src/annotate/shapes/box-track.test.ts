import { describe, expect, it } from "vitest";
import { frameIndex, pts } from "@/units";
import {
  type BoxTrack,
  boxAt,
  boxTrackFrom,
  isKeyframe,
  neighbourKeyframe,
  withKeyframe,
  withoutKeyframe,
} from "./box-track";

const track: BoxTrack = {
  shape: "box_track",
  class_name: "bicycle",
  attributes: {},
  keyframes: [
    { frame: 10, pts: 100, box: [0, 0, 10, 10], is_occluded: false },
    { frame: 20, pts: 200, box: [100, 50, 20, 10], is_occluded: true },
  ],
};

describe("box track", () => {
  it("is read from the server's JSON, and refused when it is something else", () => {
    expect(boxTrackFrom({ ...track })).toEqual(track);
    expect(boxTrackFrom({ ...track, shape: "mask" })).toBeNull();
    expect(boxTrackFrom({ ...track, keyframes: [{ frame: 1, pts: 2, box: [1, 2, 3] }] })).toBeNull();
  });
  it("goes straight from keyframe to keyframe and is nowhere else", () => {
    expect(boxAt(track, 10)).toEqual([0, 0, 10, 10]);
    expect(boxAt(track, 15)).toEqual([50, 25, 15, 10]);
    expect([boxAt(track, 9), boxAt(track, 21)]).toEqual([null, null]);
  });
  it("fixes a new box in its place by time", () => {
    const fixed = withKeyframe(track, frameIndex(15), pts(150), [1, 2, 3, 4]);
    expect(fixed.keyframes.map((keyframe) => keyframe.frame)).toEqual([10, 15, 20]);
    expect(boxAt(fixed, 15)).toEqual([1, 2, 3, 4]);
    expect(track.keyframes).toHaveLength(2);
  });
  it("changes a box without forgetting that it is occluded", () => {
    const fixed = withKeyframe(track, frameIndex(20), pts(200), [9, 9, 9, 9]);
    expect(fixed.keyframes.at(-1)).toEqual({ frame: 20, pts: 200, box: [9, 9, 9, 9], is_occluded: true });
  });
  it("never loses its last keyframe", () => {
    const one = withoutKeyframe(track, 10);
    expect(withoutKeyframe(one, 20)).toBe(one);
  });
  it("knows its keyframes and their neighbours", () => {
    expect([isKeyframe(track, 10), isKeyframe(track, 11)]).toEqual([true, false]);
    expect([
      neighbourKeyframe(track, 15, -1),
      neighbourKeyframe(track, 15, 1),
      neighbourKeyframe(track, 20, 1),
    ]).toEqual([10, 20, null]);
  });
});
