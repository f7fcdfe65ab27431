import { expect, it } from "vitest";
import { boxTrackFrom } from "@/annotate/shapes/box-track";
import { aProposal } from "@/testing/rows";
import { useTrackEditor } from "./track-editor";

it("brings a track back with its changes, which can still be taken back", () => {
  const track = boxTrackFrom(aProposal().value);
  if (track === null) throw new Error("The proposal of this test is no box track.");
  const { load, setClass, undo } = useTrackEditor.getState();
  const shown = () => useTrackEditor.getState().history?.present.class_name;
  load("a", track);
  setClass("person");
  load("b", track);
  expect(shown()).toBe("object");
  load("a", track);
  expect(shown()).toBe("person");
  undo();
  expect(shown()).toBe("object");
});
