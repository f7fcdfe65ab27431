/**
 * One resumable upload: pieces by offset, the server's offset is the truth. Knows no screen; `fetch` is handed in.
 *
 * A cut line is tried again with growing pauses; a piece that the server already has (409) is not sent twice.
 */
import { ApiError } from "@/api/client";

export type UploadSource = {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  slice(start: number, end: number): Blob;
};
export type UploadDoor = {
  readonly fetch: typeof fetch;
  readonly pause: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
  readonly onProgress: (received_bytes: number) => void;
  /** The id of an upload of this very file that was begun before, and where to remember it. */
  readonly recall: () => string | null;
  readonly remember: (uploadId: string | null) => void;
};

type Opened = { readonly id: string; readonly received_bytes: number; readonly chunk_bytes: number };

const MOST_TRIES = 8;
/** Pieces grow from this to the server's own size while the line is quick, so that a slow one shows progress too. */
const FIRST_PIECE_BYTES = 256 << 10;
const QUICK_MS = 500;

/** Sends the whole file; gives the asset's id back. */
export async function sendFile(source: UploadSource, door: UploadDoor): Promise<string> {
  const upload = (await reopen(door)) ?? (await open(source, door));
  let offset = upload.received_bytes;
  let piece_bytes = Math.min(FIRST_PIECE_BYTES, upload.chunk_bytes);
  while (offset < source.size) {
    door.onProgress(offset);
    const begun = performance.now();
    const piece = { offset, end: offset + piece_bytes };
    offset = await insist(door, () => sendPiece(source, door, upload.id, piece));
    if (performance.now() - begun < QUICK_MS) piece_bytes = Math.min(2 * piece_bytes, upload.chunk_bytes);
  }
  door.onProgress(source.size);
  const asset = await insist(door, () => complete(door, upload.id));
  door.remember(null);
  return textField(asset, "id");
}

async function insist<T>(door: UploadDoor, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (door.signal.aborted || tries >= MOST_TRIES || !isWorthRetrying(error)) throw error;
      await door.pause(Math.min(30_000, 500 * 2 ** tries));
    }
  }
}

async function open(source: UploadSource, door: UploadDoor): Promise<Opened> {
  const body = JSON.stringify({
    name: source.name,
    size_bytes: source.size,
    ...(source.type === "" ? {} : { media_type: source.type }),
  });
  const headers = { "content-type": "application/json" };
  const opened = openedFrom(await ask(door, "/v1/uploads", { method: "POST", headers, body }));
  door.remember(opened.id);
  return opened;
}

/** Goes on with an upload that was cut, be it after its last byte; null when there is none that the server still knows. */
async function reopen(door: UploadDoor): Promise<Opened | null> {
  const id = door.recall();
  if (id === null) return null;
  try {
    const upload = await ask(door, `/v1/uploads/${id}`, { method: "GET" });
    if (["open", "completed"].includes(textField(upload, "state"))) return openedFrom(upload);
  } catch (error) {
    if (!isRefusal(error, 404)) throw error;
  }
  door.remember(null);
  return null;
}

/** A second call gives the same asset; once that was deleted, the file is a new one. */
async function complete(door: UploadDoor, uploadId: string): Promise<unknown> {
  try {
    return await ask(door, `/v1/uploads/${uploadId}/complete`, { method: "POST" });
  } catch (error) {
    if (isRefusal(error, 404)) door.remember(null);
    throw error;
  }
}

async function sendPiece(
  source: UploadSource,
  door: UploadDoor,
  uploadId: string,
  piece: { readonly offset: number; readonly end: number },
): Promise<number> {
  const { offset } = piece;
  const end = Math.min(source.size, piece.end);
  const headers = { "content-type": "application/octet-stream", "Upload-Offset": String(offset) };
  const body = source.slice(offset, end);
  try {
    await ask(door, `/v1/uploads/${uploadId}`, { method: "PATCH", headers, body });
    return end;
  } catch (error) {
    if (!isRefusal(error, 409)) throw error;
    // The server has another place in mind: an answer was lost, or another tab sends the same file.
    return openedFrom(await ask(door, `/v1/uploads/${uploadId}`, { method: "GET" })).received_bytes;
  }
}

async function ask(door: UploadDoor, path: string, init: RequestInit): Promise<unknown> {
  const response = await door.fetch(path, { ...init, signal: door.signal });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, body);
  return body;
}

function isRefusal(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

function isWorthRetrying(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status >= 500 || error.status === 429 || error.status === 408;
}

function openedFrom(body: unknown): Opened {
  return {
    id: textField(body, "id"),
    received_bytes: numberField(body, "received_bytes", 0),
    chunk_bytes: Math.max(1, numberField(body, "chunk_bytes", 8 << 20)),
  };
}

function textField(body: unknown, name: string): string {
  const value: unknown = typeof body === "object" && body !== null ? Reflect.get(body, name) : null;
  return typeof value === "string" ? value : "";
}

function numberField(body: unknown, name: string, otherwise: number): number {
  const value: unknown = typeof body === "object" && body !== null ? Reflect.get(body, name) : null;
  return typeof value === "number" ? value : otherwise;
}
