/** The typed v1 client and the one way in which its errors reach a page. */
import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "./schema";

/** What the server refused, in its own words (RFC 9457 problem+json). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string;

  constructor(status: number, problem: unknown) {
    super(text(problem, "detail") || text(problem, "title") || `The server answered ${status}.`);
    this.name = "ApiError";
    this.status = status;
    this.code = text(problem, "code");
    this.remedy = text(problem, "remedy");
  }
}

function text(problem: unknown, name: string): string {
  if (typeof problem !== "object" || problem === null) return "";
  const value: unknown = Reflect.get(problem, name);
  return typeof value === "string" ? value : "";
}

// These say nothing of what was asked: log in, wait, or come less often, and the same may be taken.
const PASSING = new Set([401, 408, 425, 429]);

/** Whether the server has answered no, and will to the same again; else the next time may go well. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500 && !PASSING.has(error.status);
}

/** crypto.randomUUID is missing where the page is not a secure context. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

const idempotency: Middleware = {
  onRequest({ request }) {
    if (request.method === "POST") request.headers.set("Idempotency-Key", randomKey());
    return request;
  },
};

export const client = createClient<paths>({ baseUrl: "/" });
client.use(idempotency);

type Answered<T> = { data?: T; error?: unknown; response: Response };

/** Awaits an answer; ApiError for a refusal, and a plain sentence when nobody answered. */
async function answerOf<T>(call: Promise<Answered<T>>): Promise<Answered<T>> {
  const answer = await call.catch(() => {
    const remedy = "See that `muybridge serve` is running, then try again.";
    throw new ApiError(0, { detail: "The server does not answer.", remedy });
  });
  if (!answer.response.ok) throw new ApiError(answer.response.status, answer.error);
  return answer;
}

/** The body of a good answer. */
export async function unwrap<T>(call: Promise<Answered<T>>): Promise<T> {
  const { data, response } = await answerOf(call);
  if (data === undefined) throw new ApiError(response.status, { detail: "The server sent an empty answer." });
  return data;
}

/** Waits for an answer that has no body. */
export async function done(call: Promise<Answered<unknown>>): Promise<void> {
  await answerOf(call);
}
