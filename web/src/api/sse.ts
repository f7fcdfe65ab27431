/** Server-sent events read with fetch: any event name arrives, and the place in the log survives a lost line. Source: WHATWG HTML, 9.2.6. */
export type ServerEvent = { readonly id: string | null; readonly name: string; readonly text: string };

/** Feeds text in any pieces; gives whole events out. */
export class EventParser {
  private rest = "";

  push(chunk: string): ServerEvent[] {
    const blocks = (this.rest + chunk).replace(/\r\n?/g, "\n").split("\n\n");
    this.rest = blocks.pop() ?? "";
    return blocks.map(parseBlock).filter((event) => event !== null);
  }
}

function parseBlock(block: string): ServerEvent | null {
  let id: string | null = null;
  let name = "message";
  const lines: string[] = [];
  for (const line of block.split("\n")) {
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === "id") id = value;
    else if (field === "event") name = value;
    else if (field === "data") lines.push(value);
  }
  return lines.length === 0 ? null : { id, name, text: lines.join("\n") };
}

/** Follows a stream until `signal` ends it, calling again after a pause whenever the line is lost. */
export async function followEvents(
  url: string,
  signal: AbortSignal,
  onEvent: (event: ServerEvent) => void,
): Promise<void> {
  let lastId: string | null = null;
  for (let pause_ms = 1000; !signal.aborted; pause_ms = Math.min(pause_ms * 2, 30_000)) {
    try {
      const headers: HeadersInit = {
        accept: "text/event-stream",
        ...(lastId === null ? {} : { "Last-Event-ID": lastId }),
      };
      const response = await fetch(url, { signal, headers });
      if (response.status === 401 || response.status === 403) return;
      const parser = new EventParser();
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
        pause_ms = 1000;
        for (const event of parser.push(piece.value)) {
          lastId = event.id ?? lastId;
          onEvent(event);
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      console.warn("The event stream was lost; trying again.", error);
    }
    await new Promise((resume) => setTimeout(resume, pause_ms));
  }
}
