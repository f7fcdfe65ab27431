/**
 * One line to a session: dials, dials again when it is cut, and says how it stands. What messages mean is the game's.
 *
 * A refused handshake tells a browser nothing, so after each loss the session itself is asked whether it is over.
 */
import { ApiError } from "@/api/client";
import { type ClientMessage, pack, type ServerMessage, unpack } from "./protocol";

export type ChannelState =
  | { readonly kind: "connecting" }
  | { readonly kind: "waiting"; readonly state: string; readonly detail: string }
  | { readonly kind: "open" }
  | { readonly kind: "reconnecting"; readonly attempt: number }
  | { readonly kind: "closed"; readonly reason: string }
  | { readonly kind: "refused"; readonly error: unknown };

/** What is used of a WebSocket. */
export type Socket = Pick<WebSocket, "binaryType" | "send" | "close"> & Pick<EventTarget, "addEventListener">;

type Options = {
  readonly dial: () => Socket;
  /** Why the session has ended, null while it has not. Rejects with ApiError where it may not be seen. */
  readonly askForEnd: () => Promise<string | null>;
  readonly onMessage: (message: ServerMessage) => void;
  readonly onState: (state: ChannelState) => void;
};

export type Channel = {
  /** False while nobody listens: then nothing was sent. */
  readonly send: (message: ClientMessage) => boolean;
  readonly hangUp: () => void;
};

const LONGEST_WAIT_MS = 5000;
/** A page that was loaded anew may come before the server has noticed that the old one left. */
const TIMES_TAKEN = 4;

export function openChannel({ dial, askForEnd, onMessage, onState }: Options): Channel {
  let socket: Socket | null = null;
  let isListening = false;
  let isOver = false;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const finish = (state: ChannelState | null) => {
    isOver = true;
    isListening = false;
    clearTimeout(timer);
    socket?.close();
    if (state !== null) onState(state);
  };
  const again = () => {
    attempt += 1;
    onState({ kind: "reconnecting", attempt });
    timer = setTimeout(connect, Math.min(LONGEST_WAIT_MS, 250 * 2 ** attempt));
  };
  const lost = async (from: Socket) => {
    if (isOver || from !== socket) return;
    socket = null;
    isListening = false;
    try {
      const reason = await askForEnd();
      if (isOver) return;
      if (reason === null) again();
      else finish({ kind: "closed", reason });
    } catch (error) {
      if (isOver) return;
      if (error instanceof ApiError && error.status >= 400 && error.status < 500)
        finish({ kind: "refused", error });
      else again();
    }
  };
  const take = (message: ServerMessage) => {
    if (message.type === "closed") {
      const isPassing = message.reason === "lost" || (message.reason === "taken" && attempt < TIMES_TAKEN);
      if (!isPassing) finish({ kind: "closed", reason: message.reason });
      return;
    }
    if (message.type === "opened") {
      attempt = 0;
      isListening = true;
      onState({ kind: "open" });
    }
    if (message.type === "waiting" && !isListening) onState({ kind: "waiting", ...message });
    onMessage(message);
  };
  function connect(): void {
    const dialled = dial();
    socket = dialled;
    dialled.binaryType = "arraybuffer";
    dialled.addEventListener("message", (event) => {
      if (isOver || !(event instanceof MessageEvent) || !(event.data instanceof ArrayBuffer)) return;
      try {
        const message = unpack(event.data);
        if (message !== null) take(message);
      } catch (error) {
        finish({ kind: "refused", error });
      }
    });
    dialled.addEventListener("close", () => void lost(dialled));
  }

  onState({ kind: "connecting" });
  connect();
  return {
    send: (message) => {
      if (!isListening) return false;
      socket?.send(pack(message));
      return true;
    },
    hangUp: () => finish(null),
  };
}
