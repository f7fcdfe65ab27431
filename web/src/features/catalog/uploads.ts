/** The uploads of this tab: two at a time, the rest wait. Each is remembered until it is whole, so that a reload resumes it. */
import { create } from "zustand";
import { refresh } from "@/api/query-client";
import type { Footage } from "./dropped-files";
import { sendFile } from "./upload-protocol";

export type UploadItem = {
  readonly key: string;
  readonly name: string;
  readonly size_bytes: number;
  readonly received_bytes: number;
  readonly state: "waiting" | "sending" | "sent" | "failed" | "stopped";
  readonly problem: string | null;
};

type Uploads = { readonly items: readonly UploadItem[] };

const AT_ONCE = 2;
const files = new Map<string, Footage>();
const stops = new Map<string, AbortController>();

export const useUploads = create<Uploads>(() => ({ items: [] }));

function change(key: string, update: Partial<UploadItem>): void {
  useUploads.setState(({ items }) => ({
    items: items.map((item) => (item.key === key ? { ...item, ...update } : item)),
  }));
}

export function addUploads(footage: readonly Footage[]): void {
  const added = footage.map(({ name, file }): UploadItem => {
    const key = `${name}:${file.size}:${file.lastModified}`;
    files.set(key, { name, file });
    return { key, name, size_bytes: file.size, received_bytes: 0, state: "waiting", problem: null };
  });
  const isAgain = (item: UploadItem) =>
    added.some((other) => other.key === item.key) && item.state !== "sending";
  useUploads.setState(({ items }) => {
    const kept = items.filter((item) => !isAgain(item));
    return { items: [...kept, ...added.filter((item) => !kept.some((other) => other.key === item.key))] };
  });
  sendNext();
}

/** Leaving now would cut a line. */
export function isUploading(): boolean {
  return useUploads.getState().items.some(({ state }) => state === "sending" || state === "waiting");
}

export function stopUpload(key: string): void {
  stops.get(key)?.abort();
  change(key, { state: "stopped" });
  sendNext();
}

export function retryUpload(key: string): void {
  change(key, { state: "waiting", problem: null });
  sendNext();
}

export function clearFinishedUploads(): void {
  useUploads.setState(({ items }) => ({
    items: items.filter((item) => item.state === "sending" || item.state === "waiting"),
  }));
}

function sendNext(): void {
  const { items } = useUploads.getState();
  const free = AT_ONCE - items.filter((item) => item.state === "sending").length;
  for (const item of items.filter((waiting) => waiting.state === "waiting").slice(0, Math.max(0, free)))
    void send(item);
}

async function send(item: UploadItem): Promise<void> {
  const footage = files.get(item.key);
  if (footage === undefined) return;
  const stop = new AbortController();
  stops.set(item.key, stop);
  change(item.key, { state: "sending" });
  const memory = `muybridge.upload.${item.key}`;
  try {
    const { name, file } = footage;
    await sendFile(
      { name, size: file.size, type: file.type, slice: (start, end) => file.slice(start, end) },
      {
        fetch: (path, init) => fetch(path, init),
        pause: (ms) => new Promise((resume) => setTimeout(resume, ms)),
        signal: stop.signal,
        onProgress: (received_bytes) => change(item.key, { received_bytes }),
        recall: () => localStorage.getItem(memory),
        remember: (id) => (id === null ? localStorage.removeItem(memory) : localStorage.setItem(memory, id)),
      },
    );
    change(item.key, { state: "sent" });
    files.delete(item.key);
    refresh("catalog");
    refresh("jobs");
  } catch (error) {
    if (!stop.signal.aborted)
      change(item.key, { state: "failed", problem: error instanceof Error ? error.message : String(error) });
  } finally {
    stops.delete(item.key);
    sendNext();
  }
}
