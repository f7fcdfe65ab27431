import { describe, expect, it } from "vitest";
import { sendFile, type UploadDoor } from "./upload-protocol";

/** A server of one upload that keeps what it gets; `faults` says what goes wrong at which call. */
function aServer(faults: Record<number, "cut" | "lost answer" | "refused" | "gone"> = {}) {
  const kept: number[] = [];
  const asked: string[] = [];
  let state = "open";
  const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
  const upload = () => ({ id: "upl_1", state, received_bytes: kept.length, chunk_bytes: 4 });
  const fake: typeof fetch = async (path, init) => {
    const fault = faults[asked.length];
    asked.push(`${init?.method} ${path}`);
    if (fault === "cut") throw new TypeError("network");
    if (fault === "refused") return answer(422, { detail: "It is no video.", code: "media.not_video" });
    if (fault === "gone") return answer(404, { detail: "There is no asset ast_1." });
    if (init?.method === "PATCH") {
      const offset = Number(new Headers(init.headers).get("Upload-Offset"));
      if (offset !== kept.length) return answer(409, { detail: "Wrong offset." });
      if (init.body instanceof Blob) kept.push(...new Uint8Array(await init.body.arrayBuffer()));
    }
    const isLast = String(path).endsWith("/complete");
    if (isLast) state = "completed";
    if (fault === "lost answer") throw new TypeError("network");
    return isLast ? answer(202, { id: "ast_1" }) : answer(200, upload());
  };
  return { fake, kept, asked };
}

function aDoor(fake: typeof fetch, known: string | null = null): UploadDoor & { readonly seen: number[] } {
  const seen: number[] = [];
  let id = known;
  return {
    fetch: fake,
    pause: async () => undefined,
    signal: new AbortController().signal,
    onProgress: (bytes) => seen.push(bytes),
    recall: () => id,
    remember: (next) => {
      id = next;
    },
    seen,
  };
}

const bytes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const aFile = () => new File([new Uint8Array(bytes)], "ride 🚲.mp4", { type: "video/mp4" });

describe("sendFile", () => {
  it("sends pieces in order and names the asset", async () => {
    const { fake, kept } = aServer();
    const door = aDoor(fake);
    expect(await sendFile(aFile(), door)).toBe("ast_1");
    expect(kept).toEqual(bytes);
    expect(door.seen).toEqual([0, 4, 8, 10]);
  });
  it("goes on after a cut line, and sends nothing twice when only the answer was lost", async () => {
    const { fake, kept } = aServer({ 1: "cut", 3: "lost answer" });
    await sendFile(aFile(), aDoor(fake));
    expect(kept).toEqual(bytes);
  });
  it("resumes where an earlier visit stopped", async () => {
    const { fake, kept } = aServer();
    kept.push(1, 2, 3, 4);
    const door = aDoor(fake, "upl_1");
    await sendFile(aFile(), door);
    expect(kept).toEqual(bytes);
    expect(door.seen[0]).toBe(4);
    expect(door.recall()).toBeNull();
  });
  it("asks again for the asset when only that answer was lost, now or in an earlier visit", async () => {
    const lost = aServer({ 4: "lost answer" });
    const door = aDoor(lost.fake);
    expect(await sendFile(aFile(), door)).toBe("ast_1");
    door.remember("upl_1");
    lost.asked.length = 0;
    expect(await sendFile(aFile(), door)).toBe("ast_1");
    expect(lost.asked).toEqual(["GET /v1/uploads/upl_1", "POST /v1/uploads/upl_1/complete"]);
  });
  it("forgets an upload whose asset was deleted, so that the file can be sent anew", async () => {
    const { fake, kept } = aServer({ 1: "gone" });
    kept.push(...bytes);
    const door = aDoor(fake, "upl_1");
    await expect(sendFile(aFile(), door)).rejects.toThrow("There is no asset ast_1.");
    expect(door.recall()).toBeNull();
  });
  it("does not insist when the server refuses, and says why", async () => {
    const { fake } = aServer({ 1: "refused" });
    await expect(sendFile(aFile(), aDoor(fake))).rejects.toThrow("It is no video.");
  });
});
