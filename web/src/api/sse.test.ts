import { expect, it } from "vitest";
import { EventParser } from "./sse";

it("gives whole events out of pieces cut anywhere", () => {
  const parser = new EventParser();
  expect(parser.push("id: 7\nevent: asset.re")).toEqual([]);
  expect(
    parser.push('ady\ndata: {"a":1}\n\n: keep alive\n\nid: 8\nevent: job.finished\ndata: x\ndata: y\n\n'),
  ).toEqual([
    { id: "7", name: "asset.ready", text: '{"a":1}' },
    { id: "8", name: "job.finished", text: "x\ny" },
  ]);
});
